import { version } from "../package.json";

/** Version of this package. */
export const ladVersion: string = version;
