export { type Candidates, gatherBoxes, selectCandidates } from "./candidates";
export { type ClusterOverlapOptions, clusterOverlaps } from "./cluster-overlaps";
export { classwiseNms, hardNms, type NmsOptions } from "./hard-nms";
export { gatherDetections, type MulticlassNms, type MulticlassNmsOptions, multiclassNms } from "./multiclass-nms";
export { orderByScore } from "./order-by-score";
export { type ScoreVotingOptions, scoreVoting } from "./score-voting";
