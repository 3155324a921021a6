export { type ReadVocAnnotationsOptions, readVocAnnotations, type VocAnnotations } from "./read-voc-annotations";
export { type ReadVocDirectoryOptions, readVocDirectory, type VocGroundTruth } from "./read-voc-directory";
