import { LadError } from "@lad/core";
import { bccdColadR18R34 } from "./bccd/colad-r18-r34";
import { bccdGflR18 } from "./bccd/gfl-r18";
import { bccdGflR34 } from "./bccd/gfl-r34";
import { bccdKdR18R34 } from "./bccd/kd-r18-r34";
import { bccdLadR18R34 } from "./bccd/lad-r18-r34";
import { bccdLadSmall } from "./bccd/lad-small";
import { bccdLdChainR18 } from "./bccd/ld-chain-r18";
import { bccdLdFullR18R34 } from "./bccd/ld-full-r18-r34";
import { bccdLdLadR18 } from "./bccd/ld-lad-r18";
import { bccdLdR18R34 } from "./bccd/ld-r18-r34";
import { bccdLdStudents } from "./bccd/ld-students";
import { bccdPaaR18 } from "./bccd/paa-r18";
import { bccdPaaR34 } from "./bccd/paa-r34";
import { bccdPaaSmall } from "./bccd/paa-small";
import { bccdSelfLdR18 } from "./bccd/self-ld-r18";
import { bccdSoladR18R34 } from "./bccd/solad-r18-r34";
import { copBaseR18 } from "./cop/cop-base-r18";
import { copBaseR50 } from "./cop/cop-base-r50";
import { copR18 } from "./cop/cop-r18";
import { copR50 } from "./cop/cop-r50";
import { demoLadChain } from "./demo/lad-chain";
import { demoLadStudent } from "./demo/lad-student";
import { demoPaaStudent } from "./demo/paa-student";
import { demoPaaTeacher } from "./demo/paa-teacher";
import { gflBaselines } from "./gfl/gfl-baselines";
import { ldOtherStudents } from "./gfl/ld-other-students";
import { ldRecipes } from "./gfl/ld-recipes";
import { ioBaseR18 } from "./io/io-base-r18";
import { ioBaseR50 } from "./io/io-base-r50";
import { ioR18 } from "./io/io-r18";
import { ioR50 } from "./io/io-r50";
import { kdR50R101 } from "./kd/kd-r50-r101";
import { kdR101R50 } from "./kd/kd-r101-r50";
import { coladR101CopR50 } from "./lad/colad-r101cop-r50";
import { ladR50R101 } from "./lad/lad-r50-r101";
import { ladR101R50 } from "./lad/lad-r101-r50";
import { soladR50R101 } from "./lad/solad-r50-r101";
import { didYouMean } from "./nearest-name";
import { paaR18 } from "./paa/paa-r18";
import { paaR50 } from "./paa/paa-r50";
import { paaR50Longest } from "./paa/paa-r50-3x-ms";
import { paaR101 } from "./paa/paa-r101";
import { paaR101Long } from "./paa/paa-r101-2x";
import type { Recipe } from "./recipe";

/** Every recipe there is. */
export const recipes: readonly Recipe[] = [
  paaR18,
  paaR50,
  paaR101,
  paaR101Long,
  paaR50Longest,
  ioR18,
  ioBaseR18,
  copR18,
  copBaseR18,
  ioR50,
  ioBaseR50,
  copR50,
  copBaseR50,
  kdR50R101,
  kdR101R50,
  ladR50R101,
  ladR101R50,
  soladR50R101,
  coladR101CopR50,
  ...gflBaselines,
  ...ldRecipes,
  ...ldOtherStudents,
  bccdPaaR18,
  bccdPaaR34,
  bccdKdR18R34,
  bccdLadR18R34,
  bccdSoladR18R34,
  bccdColadR18R34,
  bccdGflR18,
  bccdGflR34,
  bccdLdR18R34,
  bccdLdFullR18R34,
  bccdSelfLdR18,
  bccdLdLadR18,
  bccdLdChainR18,
  ...bccdLdStudents,
  bccdPaaSmall,
  bccdLadSmall,
  demoPaaTeacher,
  demoPaaStudent,
  demoLadStudent,
  demoLadChain,
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
