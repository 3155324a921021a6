export const root: string;
export const toolsFolder: string;
export const pnpmVersion: string;
export function readJson(path: string): { [key: string]: unknown };
export function installedPnpm(): string | undefined;
export function pnpm(...args: string[]): [program: string, ...args: string[]];
export function cleanEnvironment(env?: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
export function workspaceFolders(): string[];
