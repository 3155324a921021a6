export { distill } from "./distill";
export { labelAssignment } from "./label-assignment";
