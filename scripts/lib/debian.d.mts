export function findChromium(env?: NodeJS.ProcessEnv): string | undefined;
export function missingPackages(options: {
  readonly forTests: boolean;
}): { readonly name: string; readonly without: string }[];
export function canInstallPackages(): boolean;
