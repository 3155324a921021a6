export function contentHash(files: readonly string[], ...also: unknown[]): string;
export function statusHash(paths: readonly string[], ...also: unknown[]): string;
export function stamp(file: string): { matches(hash: string): boolean; begin(): void; end(hash: string): void };
