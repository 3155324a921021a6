import { LadError } from "@lad/core";
import { bccdLadR18R34 } from "./bccd/lad-r18-r34";
import { bccdLadSmall } from "./bccd/lad-small";
import { bccdPaaR18 } from "./bccd/paa-r18";
import { bccdPaaR34 } from "./bccd/paa-r34";
import { bccdPaaSmall } from "./bccd/paa-small";
import { demoLadStudent } from "./demo/lad-student";
import { demoPaaStudent } from "./demo/paa-student";
import { demoPaaTeacher } from "./demo/paa-teacher";
import { ladR50R101 } from "./lad/lad-r50-r101";
import { ladR101R50 } from "./lad/lad-r101-r50";
import { didYouMean } from "./nearest-name";
import { paaR18 } from "./paa/paa-r18";
import { paaR50 } from "./paa/paa-r50";
import { paaR101 } from "./paa/paa-r101";
import { paaR101Long } from "./paa/paa-r101-2x";
import type { Recipe } from "./recipe";

/** Every recipe there is. */
export const recipes: readonly Recipe[] = [
  paaR18,
  paaR50,
  paaR101,
  paaR101Long,
  ladR50R101,
  ladR101R50,
  bccdPaaR18,
  bccdPaaR34,
  bccdLadR18R34,
  bccdPaaSmall,
  bccdLadSmall,
  demoPaaTeacher,
  demoPaaStudent,
  demoLadStudent,
];

/**
 * The recipe of a name or of an alias.
 * @throws {LadError} NOT_FOUND: with the nearest name.
 */
export function findRecipe(name: string): Recipe {
  const found = recipes.find((recipe) => recipe.name === name || recipe.aliases.includes(name));
  if (found) return found;
  const names = recipes.flatMap((recipe) => [recipe.name, ...recipe.aliases]);
  throw new LadError(
    "NOT_FOUND",
    `no recipe is named "${name}"${didYouMean(name, names)} (lad recipes lists them all)`,
  );
}
