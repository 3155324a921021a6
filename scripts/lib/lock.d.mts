export function withLock<T>(folder: string, action: () => T, onWait?: () => void): T;
