import { findRecipe } from "@lad/recipes";
import type { TrainPlan } from "./plan-training";

/** Where the published configuration of a plan's recipe cannot run as written, and what is done instead: a line each, with the recipe's name. */
export function recipeNotes({ source }: Pick<TrainPlan, "source">): readonly string[] {
  if (!("recipe" in source)) return [];
  const { name, notes = [] } = findRecipe(source.recipe);
  return notes.map((note) => `warning: ${name}: ${note}`);
}
