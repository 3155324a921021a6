import { paramsToRecord, saveSafetensors } from "@lad/checkpoints";
import { LadError, type NdRecord } from "@lad/core";
import type { Method } from "@lad/tensor";

/**
 * Writes the student's weights alone, under its own names and in torch layout: what a test, a detector or a next training loads.
 * @throws {LadError} INVALID_ARGUMENT if the method has no network `student`, IO.
 */
export async function exportStudent(
  method: Method,
  file: string,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { student } = method.networks;
  if (!student) {
    const names = Object.keys(method.networks).join(", ");
    throw new LadError(
      "INVALID_ARGUMENT",
      `exportStudent: method ${method.name} has no network named student, only ${names}`,
    );
  }
  await saveStudent(file, method, await paramsToRecord(student.params), metadata);
}

/** The same with weights that are on the host already. */
export async function saveStudent(
  file: string,
  { name, networks }: Method,
  student: NdRecord,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  await saveSafetensors(file, student, { method: name, network: networks.student?.name ?? "student", ...metadata });
}
