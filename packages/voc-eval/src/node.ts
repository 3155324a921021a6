export { type ReadVocAnnotationsOptions, readVocAnnotations, type VocAnnotations } from "./node/read-voc-annotations";
export { type ReadVocDirectoryOptions, readVocDirectory, type VocGroundTruth } from "./node/read-voc-directory";
