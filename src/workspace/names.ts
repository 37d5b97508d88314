import { createHash } from 'node:crypto';

/**
 * Names of flows and entities, and how an entity's name becomes one segment of a path.
 *
 * `encodeSegment` keeps `A-Z a-z 0-9 - _ .` and inner spaces and percent-encodes every other UTF-8 byte (upper-case hex), so that:
 * - it is one segment on every system: no `/`, `\`, `:`, control or glob characters, never `.`, `..` or empty (`''` is a lone `%`);
 * - a leading `_` or `.` is encoded, because readers (Spark, Fabric, Trino, our own homes) skip such folders;
 * - leading or trailing spaces and trailing dots are encoded, because Windows drops them;
 * - names that Windows keeps for devices (`CON`, `lpt1`, `aux.old`) get their first character encoded;
 * - everything outside ASCII is encoded, so that no two systems can disagree about Unicode normal forms, and so that on a
 *   file system that ignores case, only names that differ in ASCII case share a segment (the workspace refuses such names in one flow).
 *
 * A file system accepts 255 bytes for a segment, and hygge adds endings to it. If an encoding is longer than 180 characters, the segment is
 * its first 140 characters, `%.` and 128 bits of the name's SHA-256. The segment is still different for each name, but the name can't be read
 * from it (`decodeSegment` returns undefined). So the files stored there contain the name of their entity.
 */
export function encodeSegment(name: string): string {
  if (!name.isWellFormed()) throw new RangeError('a name with half a surrogate pair has no place on a disk');
  const encoded = encodeEdges(encodeBytes(name));
  if (encoded.length <= longest) return encoded;
  const hash = createHash('sha256').update(name, 'utf8').digest('hex').slice(0, 32);
  return `${wholeEscapes(encoded.slice(0, 140))}${shortened}${hash}`;
}

/**
 * An entity's name as a segment of the path it is *read* from. The files of a source have plain names (`Ærø.parquet`, `o'brien.parquet`), so a name that
 * can only be one file or folder stays unchanged. Any other name is encoded.
 */
export function sourceSegment(name: string): string {
  const plain = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_ .'&-]*$/u.test(name) && !/[ .]$/.test(name) && Buffer.byteLength(name) <= longest;
  return plain ? name : encodeSegment(name);
}

/** The name from which `encodeSegment` made `segment`; undefined: the segment is shortened, or hygge did not make the segment. */
export function decodeSegment(segment: string): string | undefined {
  if (segment === empty) return '';
  let name: string;
  try {
    name = decodeURIComponent(segment);
  } catch {
    return undefined;
  }
  return encodeSegment(name) === segment ? name : undefined;
}

const longest = 180;
const empty = '%';
/** Marks a shortened segment. `%.` is never an escape, because `.` is not a hex digit. */
const shortened = '%.';
const devices = /^(con|prn|aux|nul|com[0-9]|lpt[0-9]|conin\$|conout\$|clock\$)(\.|$)/i;

function encodeBytes(name: string): string {
  // encodeURIComponent leaves these characters unchanged, although some are glob or shell characters.
  return encodeURIComponent(name)
    .replace(/[!'()*~]/g, (character) => hex(character))
    .replace(/%20/g, ' ');
}

function encodeEdges(encoded: string): string {
  if (encoded === '') return empty;
  const bare = encoded.replace(/^[ ._]/, hex).replace(/[ .]$/, hex);
  return devices.test(bare) ? bare.replace(/^./, hex) : bare;
}

/** Cuts off an incomplete escape at the end, such as `%` or `%4`. */
function wholeEscapes(text: string): string {
  return text.replace(/%[0-9A-F]?$/, '');
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** The key by which names must be unique: flows in a workspace, and entities in a flow. */
export function nameKey(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase();
}

/** Why a flow’s name is invalid; undefined: the name is valid. */
export function flowNameProblem(name: string): string | undefined {
  if (/^[A-Za-z][A-Za-z0-9_-]{0,59}$/.test(name)) return undefined;
  if (name === '') return 'it is empty';
  if (name.length > 60) return `it has ${name.length} characters; the maximum is 60`;
  if (!/^[A-Za-z]/.test(name)) return 'it must begin with a letter (A to Z)';
  return 'only letters, digits, `_` and `-` can be in it';
}

/** Why a target’s name is invalid; undefined: the name is valid. The name becomes part of the names of files, tables and containers. */
export function targetNameProblem(name: string): string | undefined {
  if (/^[a-z](-?[a-z0-9]){0,29}$/.test(name)) return undefined;
  return name.length > 30
    ? `it has ${name.length} characters; the maximum is 30`
    : 'it may contain only small letters, digits and single `-`, and must begin with a letter';
}

/** Why an entity’s name is invalid; undefined: the name is valid. */
export function entityNameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'it is empty';
  const characters = [...name].length;
  if (characters > 200) return `it has ${characters} characters; the maximum is 200`;
  if (/\p{Cc}/u.test(name)) return 'it contains a control character (a line break, a tab or the like)';
  if (!name.isWellFormed()) return 'it contains half of a character (a lone surrogate)';
  return undefined;
}

/** Whether a database path means a database in memory: `:memory:` in upper or lower case, `file::memory:`, `file:…?mode=memory`, or only blanks. */
export const meansMemory = (path: string): boolean => /^\s*$|^(file:)?\/*:memory:|^file:.*[?&]mode=memory\b/i.test(path);
