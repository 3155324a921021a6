import { required } from "./activate";

/** How a build of the native engine ended. */
export type NativeBuild = {
  readonly built: boolean;
  /** Where the add-on lies, or what is missing and how to get it. */
  readonly message: string;
};

/** Builds @lad/backend-native's add-on where it is installed. In Node only. @throws {LadError} NOT_FOUND if the package is not installed. */
export async function buildNative(): Promise<NativeBuild> {
  const { buildAddon } = await required("@lad/backend-native");
  return (buildAddon as () => Promise<NativeBuild>)();
}
