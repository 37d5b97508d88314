import { ByteReader, ByteWriter } from './bytes.ts';
import type { Column } from './tokens.ts';
import { readType } from './types.ts';
import { type ReadValue, readValue } from './values.ts';

export const encryptions = { off: 0, on: 1, none: 2, required: 3 } as const;

/** What a client says before anything else. */
export interface Prelogin {
  readonly encryption: number;
  readonly asksForTokens: boolean;
}

const options = { version: 0, encryption: 1, instance: 2, mars: 4, tokens: 6 } as const;

export function readPrelogin(body: Buffer): Prelogin {
  const found = new Map<number, Buffer>();
  for (let at = 0; body.readUInt8(at) !== 0xff; at += 5) {
    const [offset, length] = [body.readUInt16BE(at + 1), body.readUInt16BE(at + 3)];
    found.set(body.readUInt8(at), body.subarray(offset, offset + length));
  }
  return { encryption: found.get(options.encryption)?.[0] ?? encryptions.none, asksForTokens: found.has(options.tokens) };
}

export interface PreloginAnswer {
  readonly version: readonly [major: number, minor: number, build: number];
  readonly encryption: number;
  readonly tokens: boolean;
}

export function preloginAnswer({ version: [major, minor, build], encryption, tokens }: PreloginAnswer): Buffer {
  const parts: readonly (readonly [number, Buffer])[] = [
    [options.version, Buffer.from([major, minor, build >> 8, build & 0xff, 0, 0])],
    [options.encryption, Buffer.from([encryption])],
    [options.instance, Buffer.from([0])],
    [options.mars, Buffer.from([0])],
    ...(tokens ? [[options.tokens, Buffer.from([1])] as const] : []),
  ];
  const to = new ByteWriter();
  let offset = parts.length * 5 + 1;
  for (const [option, data] of parts) {
    to.u8(option)
      .u8(offset >> 8)
      .u8(offset & 0xff)
      .u16(data.length << 8);
    offset += data.length;
  }
  to.u8(0xff);
  for (const [, data] of parts) to.bytes(data);
  return to.take();
}

/** LOGIN7. */
export interface Login {
  readonly tdsVersion: number;
  readonly packetSize: number;
  readonly user: string;
  readonly password: string;
  readonly program: string;
  readonly server: string;
  readonly database: string;
  readonly readOnly: boolean;
  /** An Entra token that came with it. */
  readonly token: string | undefined;
  readonly features: readonly number[];
}

const nibblesBack = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => (((byte ^ 0xa5) << 4) & 0xf0) | ((byte ^ 0xa5) >> 4)));

const tokenFeature = 2;

export function readLogin(body: Buffer): Login {
  const field = (at: number): Buffer => {
    const start = body.readUInt16LE(at);
    return body.subarray(start, start + body.readUInt16LE(at + 2) * 2);
  };
  const text = (at: number): string => field(at).toString('utf16le');
  const extended = (body.readUInt8(27) & 0x10) !== 0;
  const features = extended ? readFeatures(body, body.readUInt32LE(body.readUInt16LE(56))) : new Map<number, Buffer>();
  const auth = features.get(tokenFeature);
  const library = auth === undefined ? undefined : (auth[0] ?? 0) >> 1;
  return {
    tdsVersion: body.readUInt32LE(4),
    packetSize: body.readUInt32LE(8),
    user: text(40),
    password: nibblesBack(field(44)).toString('utf16le'),
    program: text(48),
    server: text(52),
    database: text(68),
    readOnly: (body.readUInt8(26) & 0x20) !== 0,
    token: auth && library === 1 ? auth.subarray(5, 5 + auth.readUInt32LE(1)).toString('utf16le') : undefined,
    features: [...features.keys()],
  };
}

function readFeatures(body: Buffer, start: number): Map<number, Buffer> {
  const from = new ByteReader(body);
  from.at = start;
  const found = new Map<number, Buffer>();
  for (let feature = from.u8(); feature !== 0xff; feature = from.u8()) found.set(feature, from.bytes(from.u32()));
  return found;
}

/** Before every request stand headers that a server of tests has no use for. */
function skipHeaders(from: ByteReader): void {
  from.bytes(from.u32() - 4);
}

export function readBatch(body: Buffer): string {
  const from = new ByteReader(body);
  skipHeaders(from);
  return from.text(from.left >> 1);
}

export interface Parameter {
  readonly name: string;
  readonly value: ReadValue;
}

const executesSql = 10;

/** The parameters of sp_executesql: the statement, their declarations, and their values. */
export function readCall(body: Buffer): readonly Parameter[] {
  const from = new ByteReader(body);
  skipHeaders(from);
  if (from.u16() !== 0xffff || from.u16() !== executesSql) throw new Error('The test server does not know that procedure');
  from.u16();
  const parameters: Parameter[] = [];
  while (from.left > 0) {
    const name = from.shortText();
    from.u8();
    const type = readType(from);
    parameters.push({ name, value: readValue(from, type) });
  }
  return parameters;
}

export interface Bulk {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly ReadValue[])[];
}

/** COLMETADATA, rows, DONE. @param drains of a value nothing is kept but whether it is NULL; any other is 0. */
export function readBulk(body: Buffer, drains: boolean): Bulk {
  const from = new ByteReader(body);
  if (from.u8() !== 0x81) throw new Error('A bulk load begins with its columns');
  const columns = Array.from({ length: from.u16() }, () => {
    from.u32();
    from.u16();
    const type = readType(from);
    return { name: from.shortText(), type };
  });
  const rows: ReadValue[][] = [];
  const drained = new Map<string, ReadValue[]>();
  // Not every client says DONE at the end.
  while (from.left > 0 && from.u8() === 0xd1) {
    const row = columns.map(({ type }) => readValue(from, type));
    rows.push(drains ? hollow(row, drained) : row);
  }
  return { columns, rows };
}

/** Rows that are alike are one: millions of them are millions of references. */
function hollow(row: readonly ReadValue[], known: Map<string, ReadValue[]>): ReadValue[] {
  const hollowed = row.map((value) => (value === null ? null : '0'));
  const id = hollowed.join();
  if (!known.has(id)) known.set(id, hollowed);
  return known.get(id) ?? hollowed;
}
