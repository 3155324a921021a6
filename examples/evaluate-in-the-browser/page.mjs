import { evaluateCoco, formatPerClass, readDetections, readGroundTruth, summarize } from "@lad/coco-eval";
import { diagnoseErrors } from "@lad/coco-eval/tide";

const [drop, choose, state, result] = ["drop", "choose", "state", "result"].map((id) => document.getElementById(id));
let groundTruth;
let detections;

drop.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  take([...event.dataTransfer.files]);
});
choose.addEventListener("change", () => take([...choose.files]));

/** Reads what was dropped, and evaluates once both files are there. */
async function take(files) {
  result.textContent = "";
  for (const file of files) {
    try {
      read(new Uint8Array(await file.arrayBuffer()));
    } catch (error) {
      state.textContent = `${file.name}: ${error.message}`;
      return;
    }
  }
  if (!groundTruth || !detections) {
    state.textContent = `Now the ${groundTruth ? "detections" : "annotations"}.`;
    return;
  }
  try {
    result.textContent = report();
    state.textContent = `${groundTruth.images.ids.length} images, ${detections.scores.length} detections`;
  } catch (error) {
    state.textContent = error.message; // such as: the files do not belong together
  }
}

/** A file of results is a list, a file of annotations is an object. */
function read(bytes) {
  const first = bytes.find((byte) => byte > 0x20 && byte < 0x80); // past blanks and a byte order mark
  if (first === "[".charCodeAt(0)) detections = readDetections(bytes);
  else groundTruth = readGroundTruth(bytes);
}

function report() {
  const evaluation = evaluateCoco(groundTruth, detections);
  const { errors } = diagnoseErrors(groundTruth, detections);
  const lost = Object.entries(errors).map(
    ([kind, { lost: ap, count }]) => `${kind} ${(100 * ap).toFixed(1)} (${count})`,
  );
  return [summarize(evaluation), formatPerClass(evaluation), `AP lost at IoU 0.5: ${lost.join(", ")}`].join("\n\n");
}
