import { lineOf, type Source } from './sources.ts';

/** What a module keeps from one call to the next: empty collections, caches, variables. Collections that are written out are constants. */
const kept: readonly RegExp[] = [
  /^(?:export )?const (\w+)[^=\n]*= new (?:Map|WeakMap|Set|WeakSet)(?:<[^\n]*>)?\(\);/gm,
  /^(?:export )?const (\w+)[^=\n]*= new (?:LruCache|Semaphore|Limiter|Threads|AsyncLocalStorage)\b/gm,
  /^(?:export )?const (\w+)(?:: [^=\n]*)? = (?:\[\]|\{\});/gm,
  /^(?:export )?let (\w+)/gm,
];

/**
 * What is opened belongs to somebody who closes it: nothing of it lies in a module. What lies in one all the same, by file and name, and why
 * nobody has to close it.
 */
export const exceptions: Readonly<Record<string, string>> = {
  'src/registry.ts registered': 'connectors are code; who registers one holds what takes it away again',
  'src/cli/main.ts mishap': 'the process itself',
  'src/ports/retry.ts steps': 'the deadline of a call, which ends with it',
  // Of the machine and the program.
  'src/filesystems/disk/processes.ts known': 'what this process is called',
  'src/filesystems/disk/lock.ts loaded': 'a module that is loaded when first used',
  'src/frames/native.ts polarsModule': 'a module that is loaded when first used',
  'src/frames/native.ts arrowModule': 'a module that is loaded when first used',
  'src/formats/kernels/kernels.ts own': 'compiled code',
  'src/formats/kernels/layout.ts end': 'a layout of memory, laid out while the module loads',
  'src/formats/threads/threads.ts shared': 'threads of the process, which end with it and hold it up never',
  'src/formats/csv/rows.ts here': 'no threads: work in this one',
  'src/files/store/staging/sorted-runs.ts turn': 'one sort at a time in the process, for its memory',
  'src/formats/bytes/file-bytes.ts idle': 'memory to be used again',
  'src/frames/values/to-polars.ts kept': 'memory to be used again',
  'src/formats/parquet/fetch-groups.ts idle': 'memory to be used again',
  'src/formats/parquet/look.ts idle': 'scratch files to be used again, which go with the scratch',
  'src/databases/home/snapshot.ts latest': 'which snapshot an entity holds, of a pool and gone with it',
  'src/databases/sqlite/connect.ts sharedFiles': 'who reads and writes a file now, of the pools of a process and gone with them',
  'src/databases/duckdb/file.ts openFiles': 'which files are open, of the pools of a process and gone with them',
  'src/databases/store/transactions.ts foundThere': 'what stores found of tables, of a pool and gone with it',
  'src/databases/home/safe-bound.ts deadlines': 'how long transactions were waited for, of a pool and gone with it',
  // Facts about an object that is somebody else's, and go with it; or about content, and bounded.
  'src/frames/values/extremes.ts known': 'expressions made for a frame',
  'src/workspace/yaml/source.ts known': 'lines of a text',
  'src/formats/json/opened-file.ts known': 'columns of a content',
  'src/formats/parquet/opened-file.ts known': 'the footer of a content',
  'src/formats/parquet/stored-rows.ts footers': 'a footer as it is stored',
  'src/formats/parquet/encoder.ts known': 'what the first file of a schema looks like',
  'src/formats/parquet/scan.ts verified': 'that a file was proven',
  'src/formats/csv/opened-file.ts opened': 'what a look at a content told',
  'src/formats/csv/csv.ts gone': 'bounds of a content',
  'src/formats/csv/jobs.ts ready': 'a decoder made for a file of many pieces',
  'src/formats/json/jobs.ts ready': 'a decoder made for a file of many pieces',
  'src/delta/values/schema.ts known': 'columns of a metadata',
  'src/engine/backfill/backfill.ts counted': 'how many chunks a range has',
};

/** `path name`, with the line. */
export function moduleState({ path, text }: Source): readonly { readonly what: string; readonly line: number }[] {
  return kept.flatMap((form) =>
    [...text.matchAll(form)].map((match) => ({ what: `${path} ${match[1]}`, line: lineOf(text, match.index) })),
  );
}
