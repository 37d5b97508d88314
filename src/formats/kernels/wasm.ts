/** Writes WebAssembly as expressions. The instructions are enough for loops over bytes that are too slow in JavaScript. Opcodes: WebAssembly 2.0, §5.4. */

/** What an instruction needs to know about the code around it. */
interface EmitContext {
  /** The number of labels around the instruction. */
  readonly depth: number;
  /** The index of the function’s variable that holds the address of a store. */
  readonly address: number;
}

/** Returns the bytes of an instruction and its operands. */
export type Code = (around: EmitContext) => readonly number[];
export type ValueType = keyof typeof valueTypes;

const valueTypes = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const;
const noResult = 0x40;

/** A variable of a function. As an operand, the variable stands for its value. */
export interface Local {
  readonly type: ValueType;
  readonly get: Code;
  set(value: Code): Code;
  /** Sets the variable. The result of the instruction is the same value. */
  tee(value: Code): Code;
}

export type Operand = Code | Local | number;

/** Turns an operand into code. A whole number becomes a constant of 32 bits. */
export function code(operand: Operand): Code {
  if (typeof operand === 'number') return i32Const(operand);
  return typeof operand === 'function' ? operand : operand.get;
}

const of =
  (...opcode: number[]) =>
  (...operands: Operand[]): Code =>
  (around) => [...operands.flatMap((one) => code(one)(around)), ...opcode];

/** An instruction that reads or writes memory. The offset is added to the address. No alignment is assumed. */
const memory =
  (...opcode: number[]) =>
  (address: Operand, offset = 0): Code =>
  (around) => [...code(address)(around), ...opcode, 0, ...unsigned(offset)];

/** A range of the memory that may be written to. */
export interface Area {
  readonly start: number;
  readonly bytes: number;
}

/**
 * A store writes to a position in an area, in bytes from the start of the area. A store outside the area traps. Code can store in no other
 * way, so no author has to prove that code stays in bounds.
 */
const toArea =
  (width: number, ...opcode: number[]) =>
  (area: Area, place: Operand, value: Operand): Code =>
  (around) => {
    const address = unsigned(around.address);
    const check = [0x22, ...address, ...i32Const(area.bytes - width)(around), 0x4b, 0x04, noResult, 0x00, 0x0b];
    return [...code(place)(around), ...check, 0x20, ...address, ...code(value)(around), ...opcode, 0, ...unsigned(area.start)];
  };

const i32Const =
  (value: number): Code =>
  () => [0x41, ...signed(BigInt(value))];

export const i32 = {
  eqz: of(0x45),
  eq: of(0x46),
  ne: of(0x47),
  ltS: of(0x48),
  ltU: of(0x49),
  gtS: of(0x4a),
  gtU: of(0x4b),
  leU: of(0x4d),
  geS: of(0x4e),
  geU: of(0x4f),
  ctz: of(0x68),
  add: of(0x6a),
  sub: of(0x6b),
  mul: of(0x6c),
  divU: of(0x6e),
  remU: of(0x70),
  and: of(0x71),
  or: of(0x72),
  xor: of(0x73),
  shl: of(0x74),
  shrU: of(0x76),
  wrap: of(0xa7),
  load: memory(0x28),
  load8: memory(0x2d),
  load16: memory(0x2f),
  store: toArea(4, 0x36),
  store8: toArea(1, 0x3a),
} as const;

export const i64 = {
  const:
    (value: bigint): Code =>
    () => [0x42, ...signed(BigInt.asIntN(64, value))],
  eqz: of(0x50),
  eq: of(0x51),
  ne: of(0x52),
  ltS: of(0x53),
  ltU: of(0x54),
  gtS: of(0x55),
  gtU: of(0x56),
  leU: of(0x58),
  geS: of(0x59),
  clz: of(0x79),
  add: of(0x7c),
  sub: of(0x7d),
  mul: of(0x7e),
  remS: of(0x81),
  divS: of(0x7f),
  and: of(0x83),
  or: of(0x84),
  xor: of(0x85),
  shl: of(0x86),
  shrS: of(0x87),
  shrU: of(0x88),
  extendS: of(0xac),
  extendU: of(0xad),
  load: memory(0x29),
  store: toArea(8, 0x37),
} as const;

export const f64 = {
  convertS: of(0xb9),
  neg: of(0x9a),
  mul: of(0xa2),
  div: of(0xa3),
  load: memory(0x2b),
  store: toArea(8, 0x39),
  fromBits: of(0xbf),
  bits: of(0xbd),
} as const;

export const v128 = {
  load: memory(0xfd, 0x00),
  store: toArea(16, 0xfd, 0x0b),
  /** A vector of sixteen equal bytes. */
  splat: of(0xfd, 0x0f),
  eq: of(0xfd, 0x23),
  ltU: of(0xfd, 0x26),
  or: of(0xfd, 0x50),
  sub: of(0xfd, 0x71),
  /** A number with one bit for each of the sixteen bytes of a vector. */
  bitmask: of(0xfd, 0x64),
} as const;

/** `when ? yes : no`. Both values are computed. */
export const select = (when: Operand, yes: Operand, no: Operand): Code => of(0x1b)(yes, no, when);

export const run =
  (...codes: readonly Code[]): Code =>
  (around) =>
    codes.flatMap((one) => one(around));

const inside = ({ depth, address }: EmitContext): EmitContext => ({ depth: depth + 1, address });

export const when =
  (condition: Operand, yes: readonly Code[], no?: readonly Code[]): Code =>
  (around) => {
    const within = inside(around);
    return [...code(condition)(around), 0x04, noResult, ...run(...yes)(within), ...(no ? [0x05, ...run(...no)(within)] : []), 0x0b];
  };

/** A target for jumps. */
export class Label {
  #depth = -1;

  /** Runs the codes. `leave` jumps to the end of the codes. */
  around(...codes: readonly Code[]): Code {
    return this.#labelled(0x02, codes);
  }

  /** Runs the codes once. `leave` jumps to the beginning of the codes. */
  again(...codes: readonly Code[]): Code {
    return this.#labelled(0x03, codes);
  }

  leave(condition?: Operand): Code {
    return (around) => {
      const outwards = unsigned(around.depth - this.#depth);
      return condition === undefined ? [0x0c, ...outwards] : [...code(condition)(around), 0x0d, ...outwards];
    };
  }

  #labelled(opcode: number, codes: readonly Code[]): Code {
    return (around) => {
      const within = inside(around);
      this.#depth = within.depth;
      return [opcode, noResult, ...run(...codes)(within), 0x0b];
    };
  }
}

/** Runs the codes as long as the condition is true. The condition is checked before each pass. */
export function whilst(condition: Operand, ...codes: readonly Code[]): Code {
  const [end, start] = [new Label(), new Label()];
  return end.around(start.again(end.leave(i32.eqz(condition)), ...codes, start.leave()));
}

export interface FunctionSignature {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly result: ValueType;
}

interface DefinedFunction extends FunctionSignature {
  readonly locals: readonly ValueType[];
  readonly body: readonly number[];
}

/** Builds functions that share one given memory. */
export class WasmBuilder {
  readonly #functions: DefinedFunction[] = [];

  /** @param write returns the codes of the function. The last codes leave the result. `local` makes a variable, whose first value is zero. */
  define<const P extends readonly ValueType[]>(
    { name, parameters, result }: FunctionSignature & { readonly parameters: P },
    write: (parameters: { readonly [K in keyof P]: Local }, local: (type?: ValueType) => Local) => readonly Code[],
  ): (...given: { readonly [K in keyof P]: Operand }) => Code {
    const locals: ValueType[] = [];
    const local = (type: ValueType = 'i32'): Local => variable(parameters.length + locals.push(type) - 1, type);
    const given = parameters.map((type, index) => variable(index, type)) as unknown as { readonly [K in keyof P]: Local };
    const written = run(...write(given, local));
    const body = written({ depth: 0, address: parameters.length + locals.push('i32') - 1 });
    const index = this.#functions.push({ name, parameters, result, locals, body }) - 1;
    return (...operands) => of(0x10, ...unsigned(index))(...(operands as unknown as Operand[]));
  }

  /** The bytes of the module. The module exports all functions, and imports the memory as `memory` of `host`. */
  bytes(): Uint8Array<ArrayBuffer> {
    const all = this.#functions;
    const types = all.map(({ parameters, result }) => [
      0x60,
      ...vector(parameters.map((type) => [valueTypes[type]])),
      ...vector([[valueTypes[result]]]),
    ]);
    const bodies = all.map(({ locals, body }) => {
      const inner = [...vector(locals.map((type) => [1, valueTypes[type]])), ...body, 0x0b];
      return [...unsigned(inner.length), ...inner];
    });
    return Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, vector(types)),
      ...section(2, vector([[...text('host'), ...text('memory'), 0x02, 0x00, 0x01]])),
      ...section(3, vector(all.map((_, index) => unsigned(index)))),
      ...section(7, vector(all.map(({ name }, index) => [...text(name), 0x00, ...unsigned(index)]))),
      ...section(10, vector(bodies)),
    ]);
  }
}

function variable(index: number, type: ValueType): Local {
  const place = unsigned(index);
  return { type, get: () => [0x20, ...place], set: (value) => of(0x21, ...place)(value), tee: (value) => of(0x22, ...place)(value) };
}

const section = (id: number, content: readonly number[]): readonly number[] => [id, ...unsigned(content.length), ...content];
const vector = (items: readonly (readonly number[])[]): readonly number[] => [...unsigned(items.length), ...items.flat()];
const text = (written: string): readonly number[] => vector([...Buffer.from(written)].map((byte) => [byte]));

/** An unsigned number in the LEB128 encoding. */
function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: bigint): readonly number[] {
  const low = Number(value & 0x7fn);
  const rest = value >> 7n;
  const isLast = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0);
  return isLast ? [low] : [low | 0x80, ...signed(rest)];
}
