import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeFileAtomic } from "./write-file-atomic";

type Fault = "write" | "sync" | "rename";
const faults = vi.hoisted(() => ({ at: undefined as Fault | undefined }));

/** The real file system, whose disk is full at the step that a test chooses. */
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const full = (step: Fault) => {
    if (faults.at === step) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  };
  return {
    ...real,
    rename: async (from: string, to: string) => {
      full("rename");
      await real.rename(from, to);
    },
    open: async (file: string, flags: string) => {
      const handle = await real.open(file, flags);
      const { writeFile, sync } = handle;
      handle.writeFile = async (data) => {
        await writeFile.call(handle, String(data).slice(0, 3));
        full("write");
        await writeFile.call(handle, String(data).slice(3));
      };
      handle.sync = async () => {
        full("sync");
        await sync.call(handle);
      };
      return handle;
    },
  };
});

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "lad-atomic-"));
});
afterEach(async () => {
  faults.at = undefined;
  await rm(directory, { recursive: true });
});

describe("writeFileAtomic", () => {
  it("writes text, bytes and pieces, over an old file too", async () => {
    const file = join(directory, "a.json");
    await writeFileAtomic(file, "a longer first text");
    await writeFileAtomic(file, "öß");
    expect(await readFile(file, "utf8")).toBe("öß");
    await writeFileAtomic(file, [new TextEncoder().encode("one"), new TextEncoder().encode(" two")].values());
    expect(await readdir(directory)).toEqual(["a.json"]);
  });

  it.each<Fault>(["write", "sync", "rename"])(
    "keeps the old file when the disk is full at %s, and leaves nothing",
    async (step) => {
      const file = join(directory, "a.json");
      await writeFile(file, "old");
      faults.at = step;
      await expect(writeFileAtomic(file, "new content")).rejects.toMatchObject({
        code: "IO",
        message: `writeFileAtomic: ${file} could not be written: ENOSPC: no space left on device`,
      });
      expect(await readdir(directory)).toEqual(["a.json"]);
      expect(await readFile(file, "utf8")).toBe("old");
    },
  );

  it("names the file when its directory is missing, is a file, or the target is a directory", async () => {
    await writeFile(join(directory, "file"), "");
    await mkdir(join(directory, "sub"));
    for (const name of ["none/a", "file/a", "sub"]) {
      const file = join(directory, name);
      await expect(writeFileAtomic(file, "x")).rejects.toMatchObject({
        code: "IO",
        message: expect.stringContaining(file),
      });
    }
    expect((await readdir(directory)).sort()).toEqual(["file", "sub"]);
  });

  it("writes through a symbolic link", async () => {
    await writeFile(join(directory, "real"), "old");
    await symlink("real", join(directory, "link"));
    await writeFileAtomic(join(directory, "link"), "new");
    expect(await readFile(join(directory, "real"), "utf8")).toBe("new");
    expect(await readlink(join(directory, "link"))).toBe("real");
  });

  it.runIf(existsSync("/dev/full"))(
    "writes devices directly: a full one is a full disk and stays a device",
    async () => {
      await expect(writeFileAtomic("/dev/full", "x")).rejects.toMatchObject({
        code: "IO",
        message: expect.stringContaining("ENOSPC"),
      });
      await writeFileAtomic("/dev/null", "x");
      const { stat } = await import("node:fs/promises");
      expect((await stat("/dev/full")).isCharacterDevice() && (await stat("/dev/null")).isCharacterDevice()).toBe(true);
    },
  );
});
