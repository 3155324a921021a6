import { colorOf } from "../draw/colors";
import { drawGrid, type Mark, type Panel } from "../draw/draw-panels";
import type { AssignedImage } from "./assigned-image";
import type { AssignedAnchor } from "./network-assignment";
import { shownLevels } from "./shown-levels";

/**
 * The bytes of a PNG: a row for every level on which any network has candidates; per network the anchors before separation (dots at their
 * centres) and those that it calls positive (dots and outlines), in the colour of their object (dashed).
 */
export function assignmentPicture(image: AssignedImage): Buffer {
  const { picture, objects, networks } = image;
  const truth: Mark[] = objects.map(({ box }, gt) => ({ box, color: colorOf(gt), dashed: true }));
  const dots = (anchors: readonly AssignedAnchor[], dot: number): Mark[] =>
    anchors.map(({ box, gt }) => ({ box, color: colorOf(gt), dot }));
  const outlines = (anchors: readonly AssignedAnchor[]): Mark[] =>
    anchors.map(({ box, gt }) => ({ box, color: colorOf(gt) }));
  const rows = shownLevels(image).map(({ level, stride }) => {
    const on = (anchors: readonly AssignedAnchor[]) => anchors.filter((anchor) => anchor.level === level);
    return networks.flatMap(({ title, before, after }): Panel[] => {
      const kept = on(after);
      const panel = (what: string, marks: readonly Mark[]): Panel => ({
        title: `${title}, stride ${stride}: ${what}`,
        image: picture,
        marks: [...truth, ...marks],
      });
      return [
        ...(before ? [panel(`${on(before).length} before`, dots(on(before), 6))] : []),
        panel(`${kept.length} positive`, [...outlines(kept), ...dots(kept, 6)]),
      ];
    });
  });
  return drawGrid(rows, { zoom: picture.width < 480 ? 2 : 1 });
}
