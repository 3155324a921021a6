export { assignMaxIou, type MaxIouOptions } from "./assign-max-iou";
export { type AssignPaaOptions, assignPaa, type PaaAssignment } from "./assign-paa";
export { candidatePool } from "./candidate-pool";
export { type ChooseCostsOptions, type ChosenCosts, chooseCosts, type ImageChoice } from "./choose-costs";
export { fitGaussianMixture, type GaussianMixture } from "./fit-gaussian-mixture";
export { type CandidateGroups, groupCandidates } from "./group-candidates";
export { type PreAssignOptions, preAssignPaa } from "./pre-assign-paa";
export { fisherSeparation, relativeSpread, separateByMixture } from "./separate-by-mixture";
export { type GtSeparation, type PaaSeparation, type SeparatePaaInput, separatePaa } from "./separate-paa";
