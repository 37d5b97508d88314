import type { ByteWriter } from './bytes.ts';
import { collationBytes, databaseCollation } from './collations.ts';
import { declared, type TdsType, writeType } from './types.ts';
import { type Value, writeValue } from './values.ts';

/** As in `sys.messages`. */
export interface TdsError {
  readonly number: number;
  readonly message: string;
  /** 1, when it is not said. */
  readonly state?: number;
  /** Severity: 16, when it is not said; from 20 on the server closes the connection. */
  readonly class?: number;
  readonly procedure?: string;
  readonly line?: number;
}

export interface Column {
  readonly name: string;
  readonly type: TdsType;
}

/** Columns by name, with their types as T-SQL declares them. */
export const columnsOf = (columns: Readonly<Record<string, string>>): readonly Column[] =>
  Object.entries(columns).map(([name, declaration]) => ({ name, type: declared(declaration) }));

const serverName = 'testserver';

function writeMessage(
  to: ByteWriter,
  token: number,
  { number, message, state = 1, class: severity = 16, procedure = '', line = 1 }: TdsError,
): void {
  to.u8(token).sized((inner) => {
    inner.i32(number).u8(state).u8(severity).longText(message).shortText(serverName).shortText(procedure).u32(line);
  });
}

export const writeError = (to: ByteWriter, error: TdsError): void => writeMessage(to, 0xaa, error);
export const writeInfo = (to: ByteWriter, info: TdsError): void => writeMessage(to, 0xab, { class: 10, ...info });

export function writeColumns(to: ByteWriter, columns: readonly Column[]): void {
  to.u8(0x81).u16(columns.length);
  for (const { name, type } of columns) {
    to.u32(type.name === 'rowversion' ? 80 : 0).u16((type.nullable ? 1 : 0) | 0x08);
    writeType(to, type);
    to.shortText(name);
  }
}

/** Rows with many nulls as those that leave them out, as the server itself decides. */
export function writeRow(to: ByteWriter, columns: readonly Column[], row: readonly Value[]): void {
  if (row.length !== columns.length) throw new Error(`A row has ${row.length} values for ${columns.length} columns`);
  const nulls = row.filter((value) => value === null).length;
  const compressed = nulls * 2 > columns.length;
  to.u8(compressed ? 0xd2 : 0xd1);
  if (compressed) {
    const bits = Buffer.alloc(Math.ceil(columns.length / 8));
    for (const [at, value] of row.entries()) if (value === null) bits.writeUInt8(bits.readUInt8(at >> 3) | (1 << (at & 7)), at >> 3);
    to.bytes(bits);
  }
  for (const [at, { type }] of columns.entries()) {
    const value = row[at] ?? null;
    if (!(compressed && value === null)) writeValue(to, type, value);
  }
}

/** DONE, DONEPROC after a procedure, DONEINPROC inside of one. */
export const doneTokens = { done: 0xfd, procedure: 0xfe, inside: 0xff } as const;

export interface Done {
  readonly token?: keyof typeof doneTokens;
  readonly count?: number;
  readonly more?: boolean;
  readonly failed?: boolean;
  readonly attention?: boolean;
  readonly inTransaction?: boolean;
}

export function writeDone(to: ByteWriter, { token = 'done', count, more, failed, attention, inTransaction }: Done): void {
  const flags: readonly (readonly [boolean | undefined, number])[] = [
    [more, 0x01],
    [failed, 0x02],
    [inTransaction, 0x04],
    [count !== undefined, 0x10],
    [attention, 0x20],
  ];
  to.u8(doneTokens[token]).u16(flags.reduce((sum, [is, bit]) => (is ? sum | bit : sum), 0));
  // 0xC1 is SELECT: clients tell the rows of a result from those that a statement changed by it.
  to.u16(count === undefined ? 0 : 0xc1).u64(BigInt(count ?? 0));
}

export const writeReturnStatus = (to: ByteWriter, status: number): ByteWriter => to.u8(0x79).i32(status);

const textChanges = { database: 1, language: 2, packetSize: 4 } as const;
const byteChanges = { begin: 8, commit: 9, rollback: 10, reset: 18 } as const;

export function writeTextChange(to: ByteWriter, what: keyof typeof textChanges, [now, before]: readonly [string, string]): void {
  to.u8(0xe3).sized((inner) => inner.u8(textChanges[what]).shortText(now).shortText(before));
}

export function writeByteChange(to: ByteWriter, what: keyof typeof byteChanges, [now, before]: readonly [Uint8Array, Uint8Array]): void {
  to.u8(0xe3).sized((inner) => inner.u8(byteChanges[what]).u8(now.length).bytes(now).u8(before.length).bytes(before));
}

export interface SignedIn {
  readonly database: string;
  readonly packetSize: number;
  readonly tdsVersion: number;
  readonly serverVersion: readonly [major: number, minor: number, build: number];
  /** What the client asked for beyond the protocol's first form, and gets: number → answer. */
  readonly features: ReadonlyMap<number, Buffer>;
}

export function writeSignedIn(to: ByteWriter, { database, packetSize, tdsVersion, serverVersion, features }: SignedIn): void {
  writeTextChange(to, 'database', [database, 'master']);
  writeInfo(to, { number: 5701, state: 2, message: `Changed database context to '${database}'.`, class: 0 });
  const collation = collationBytes(databaseCollation);
  to.u8(0xe3).sized((inner) => inner.u8(7).u8(collation.length).bytes(collation).u8(0));
  writeTextChange(to, 'language', ['us_english', '']);
  writeInfo(to, { number: 5703, message: 'Changed language setting to us_english.', class: 0 });
  const [major, minor, build] = serverVersion;
  to.u8(0xad).sized((inner) => {
    // The only number of the protocol's that is big-endian.
    inner.u8(1).u32(Buffer.from([tdsVersion >>> 24, tdsVersion >>> 16, tdsVersion >>> 8, tdsVersion]).readUInt32LE());
    inner
      .shortText('Microsoft SQL Server')
      .u8(major)
      .u8(minor)
      .u8(build >> 8)
      .u8(build & 0xff);
  });
  writeTextChange(to, 'packetSize', [String(packetSize), '4096']);
  if (features.size > 0) {
    to.u8(0xae);
    for (const [feature, data] of features) to.u8(feature).u32(data.length).bytes(data);
    to.u8(0xff);
  }
}
