import { setState } from "./pickle-arrays";
import { decimal, type PickleBytes, pickleBytes } from "./pickle-bytes";
import { construct, globalAt, storageType } from "./pickle-globals";
import { badPickle, isKind, isSize, type PickledStorage, type PickleItem, type PickleValue } from "./pickle-values";

export type Unpickled = {
  readonly value: PickleValue;
  /** Byte after the pickle. */
  readonly end: number;
  /** Storages that tensors refer to by key. */
  readonly storages: ReadonlyMap<string, PickledStorage>;
};

/**
 * Reads a pickle (protocols 0 to 5) that holds tensors, arrays and plain containers. It has no way to call anything: a global is either
 * one of a few names that stand for such data, or an error. Work and memory are proportional to the file.
 * @throws {LadError} INVALID_FILE naming a forbidden global and its byte, or what is damaged.
 */
export function unpickle(bytes: Uint8Array, start = 0): Unpickled {
  const storages = new Map<string, PickledStorage>();
  const machine = createMachine(bytes.length, storages);
  const source = pickleBytes(bytes, start);
  for (;;) {
    const position = source.position();
    const opcode = source.unsigned(1);
    if (opcode === 0x2e) return { value: finished(machine.pop()), end: source.position(), storages };
    step(opcode, position, source, machine);
  }
}

type Machine = ReturnType<typeof createMachine>;

function createMachine(budget: number, storages: Map<string, PickledStorage>) {
  let left = budget;
  const stack: PickleItem[] = [];
  const marks: number[] = [];
  const memo = new Map<number, PickleItem>();
  const pop = (): PickleItem =>
    stack.length > (marks.at(-1) ?? 0) ? stack.pop()! : badPickle("the stack is empty; damaged?");
  const top = (): PickleItem =>
    stack.length > (marks.at(-1) ?? 0) ? stack.at(-1)! : badPickle("the stack is empty; damaged?");
  return {
    pop,
    top,
    push: (item: PickleItem): void => void stack.push(item),
    mark: (): void => void marks.push(stack.length),
    /** Items above the last mark, which goes too. */
    popMark: (): PickleItem[] => stack.splice(marks.pop() ?? badPickle("there is no mark; damaged?")),
    popMany: (count: number): PickleItem[] => Array.from({ length: count }, pop).reverse(),
    put: (index = memo.size): void => void memo.set(index, top()),
    get: (index: number): void =>
      void stack.push(memo.has(index) ? memo.get(index)! : badPickle(`nothing is remembered as ${index}`)),
    spend: (count: number): void => {
      left -= count;
      if (left < 0) badPickle("the pickle builds more than its size explains");
    },
    storages,
  };
}

function step(opcode: number, position: number, source: PickleBytes, machine: Machine): void {
  const name = String.fromCharCode(opcode);
  const literal = literals.get(name);
  if (literal) machine.push(literal(source));
  else {
    const operation = operations.get(name);
    if (!operation) badPickle(`opcode 0x${opcode.toString(16)} at byte ${position} is unknown or not allowed`);
    operation(machine, source, position);
  }
}

const literals: ReadonlyMap<string, (source: PickleBytes) => PickleItem> = new Map<
  string,
  (source: PickleBytes) => PickleItem
>([
  ["N", () => null],
  ["\x88", () => true],
  ["\x89", () => false],
  ["I", (source) => decimal(source.line())],
  ["L", (source) => decimal(source.line())],
  ["J", (source) => source.int32()],
  ["K", (source) => source.unsigned(1)],
  ["M", (source) => source.unsigned(2)],
  ["\x8a", (source) => source.integer(source.unsigned(1))],
  ["\x8b", (source) => source.integer(source.unsigned(4))],
  ["F", (source) => Number(source.line())],
  ["G", (source) => source.float64()],
  ["V", (source) => source.line()],
  ["S", (source) => source.line().replace(/^(['"])(.*)\1$/, "$2")],
  ["X", (source) => source.text(source.unsigned(4))],
  ["\x8c", (source) => source.text(source.unsigned(1))],
  ["U", (source) => source.latin1(source.unsigned(1))],
  ["T", (source) => source.latin1(source.unsigned(4))],
  ["\x8d", (source) => source.text(source.unsigned(8))],
  ["B", (source) => source.take(source.unsigned(4))],
  ["C", (source) => source.take(source.unsigned(1))],
  ["\x8e", (source) => source.take(source.unsigned(8))],
  ["\x96", (source) => source.take(source.unsigned(8))],
  ["]", () => []],
  [")", () => []],
  ["}", () => new Map()],
  ["\x8f", () => new Set()],
]);

type Operation = (machine: Machine, source: PickleBytes, position: number) => void;

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["\x80", (_, source) => checkProtocol(source.unsigned(1))],
  ["\x95", (_, source) => source.take(8)], // the length of a frame
  ["0", ({ pop }) => pop()],
  ["1", ({ popMark }) => popMark()],
  ["2", ({ push, top }) => push(top())],
  ["(", ({ mark }) => mark()],
  ["p", ({ put }, source) => put(Number(source.line()))],
  ["q", ({ put }, source) => put(source.unsigned(1))],
  ["r", ({ put }, source) => put(source.unsigned(4))],
  ["\x94", ({ put }) => put()],
  ["g", ({ get }, source) => get(Number(source.line()))],
  ["h", ({ get }, source) => get(source.unsigned(1))],
  ["j", ({ get }, source) => get(source.unsigned(4))],
  ["\x85", ({ push, popMany }) => push(popMany(1) as PickleValue[])],
  ["\x86", ({ push, popMany }) => push(popMany(2) as PickleValue[])],
  ["\x87", ({ push, popMany }) => push(popMany(3) as PickleValue[])],
  ["t", ({ push, popMark }) => push(popMark() as PickleValue[])],
  ["l", ({ push, popMark }) => push(popMark() as PickleValue[])],
  ["d", ({ push, popMark }) => push(setItems(new Map(), popMark()))],
  ["\x91", ({ push, popMark }) => push(new Set(popMark() as PickleValue[]))],
  ["a", ({ top, popMany }) => append(popMany(1), top)],
  ["e", ({ top, popMark }) => append(popMark(), top)],
  ["s", ({ top, popMany }) => setOn(popMany(2), top)],
  ["u", ({ top, popMark }) => setOn(popMark(), top)],
  ["\x90", ({ top, popMark }) => addTo(popMark(), top)],
  ["c", ({ push }, source, position) => push(globalAt(source.line(), source.line(), position))],
  ["\x93", pushNamedGlobal],
  ["i", (_, source, position) => globalAt(source.line(), `${source.line()} (instance)`, position)],
  ["R", call],
  ["\x81", call],
  [
    "b",
    ({ pop, top, spend }) => {
      const state = pop();
      setState(top(), state, spend);
    },
  ],
  ["Q", ({ push, pop, storages }) => push(storageOf(pop(), storages))],
]);

function call({ push, popMany, spend }: Machine, _: PickleBytes, position: number): void {
  const [callee, args] = popMany(2);
  push(construct(callee!, args!, position, spend));
}

function pushNamedGlobal({ push, popMany }: Machine, _: PickleBytes, position: number): void {
  const [module, name] = popMany(2);
  if (typeof module !== "string" || typeof name !== "string") badPickle(`a global without a name at byte ${position}`);
  push(globalAt(module, name, position));
}

function append(items: readonly PickleItem[], top: () => PickleItem): void {
  const list = top();
  if (!Array.isArray(list)) badPickle("items are appended to what is no list");
  for (const item of items) list.push(item as PickleValue);
}

function addTo(items: readonly PickleItem[], top: () => PickleItem): void {
  const set = top();
  if (!(set instanceof Set)) badPickle("items are added to what is no set");
  for (const item of items) set.add(item as PickleValue);
}

function setOn(items: readonly PickleItem[], top: () => PickleItem): void {
  const map = top();
  if (!(map instanceof Map)) badPickle("items are set on what is no dictionary");
  setItems(map, items);
}

function setItems(map: Map<PickleValue, PickleValue>, items: readonly PickleItem[]): Map<PickleValue, PickleValue> {
  if (items.length % 2) badPickle("a dictionary has a key without a value");
  for (let i = 0; i < items.length; i += 2) map.set(items[i] as PickleValue, items[i + 1] as PickleValue);
  return map;
}

function checkProtocol(protocol: number): void {
  if (protocol > 5) badPickle(`protocol ${protocol} is not known (0 to 5 are)`);
}

/** A persistent id of torch: ("storage", class, key, device, elements[, view]). */
function storageOf(id: PickleItem, storages: Map<string, PickledStorage>): PickledStorage {
  const [tag, type, key, , elements, view] = Array.isArray(id) ? id : [];
  const dtype = storageType(type);
  if (tag !== "storage" || !dtype || typeof key !== "string" || !isSize(elements))
    return badPickle("a persistent id is not torch's description of a storage");
  if (view) return badPickle(`storage ${key} views another storage; save the checkpoint again with torch 1.6 or newer`);
  const known = storages.get(key);
  if (known && known.dtype === dtype && known.elements === elements) return known;
  if (known) return badPickle(`storage ${key} is described in two ways`);
  const storage: PickledStorage = { kind: "storage", key, dtype, elements };
  storages.set(key, storage);
  return storage;
}

function finished(item: PickleItem): PickleValue {
  if (isKind(item, "global") || isKind(item, "dtype") || isKind(item, "storage"))
    return badPickle("the pickle holds no data");
  return (isKind(item, "array") ? (item.tensor ?? null) : item) as PickleValue;
}
