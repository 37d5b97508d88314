import { importsOf, lineOf, runningCode, type Source } from './sources.ts';

/** Something outside the program, and the port that is the way to it. */
interface Outside {
  readonly what: RegExp;
  readonly port: string;
  /** Folders and files that are the port's real side. */
  readonly allowedIn: readonly string[];
}

/** Packing is about files, natives and processes, and about nothing else. */
const always = ['src/adapters/', 'src/filesystems/', 'src/remote/', 'src/pack/'];

/** Rooms whose trade it is: the command line asks the person in front of it. */
const ofTheTrade: readonly { readonly place: string; readonly module: RegExp }[] = [
  { place: 'src/cli/', module: /^node:(readline|tty)\b/ },
];

const calls: readonly Outside[] = [
  { what: /\bDate\.now\b|\bnew Date\(\s*\)|(?<![.\w]|new )Date\(\s*\)/g, port: 'ports/clock.ts', allowedIn: always },
  { what: /\bperformance\.now\b|\bprocess\.hrtime\b/g, port: 'ports/clock.ts', allowedIn: always },
  { what: /(?<![.\w])(?:setTimeout|setInterval)\(/g, port: 'ports/clock.ts (sleep)', allowedIn: always },
  { what: /\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b/g, port: 'ports/random.ts', allowedIn: always },
  // What the program was built for is not a surprise at run time; and loading the native engine makes a report of the process.
  {
    what: /(?<![.\w$])process\.(?!(?:versions|platform|arch)\b)\w+/g,
    port: 'the one who calls (src/cli)',
    allowedIn: [
      ...[...always, 'src/cli/', 'src/frames/native.ts'],
      ...[
        'src/databases/authentication.ts',
        'src/databases/postgres/connect.ts',
        'src/databases/duckdb/connect.ts',
        'src/databases/duckdb/file.ts',
      ],
    ],
  },
  { what: /(?<![.\w])fetch\(/g, port: 'a connector', allowedIn: always },
];

/**
 * Code beside adapters and filesystems that must reach out, by name, with what it may import and why.
 * Native code writes to scratch files, and somebody has to open those.
 */
export const exceptions: Readonly<Record<string, { readonly modules: readonly string[]; readonly why: string }>> = {
  'src/frames/values/scratch-parquet.ts': {
    modules: ['node:fs/promises'],
    why: 'reads what Polars wrote into scratch, for a checksum',
  },
  'src/apis/manifests/texts.ts': {
    modules: ['node:fs'],
    why: 'reads the manifests next to it, which a bundle has in itself',
  },
  'src/databases/duckdb/file.ts': {
    modules: ['node:fs/promises'],
    why: 'is the way to a file: says that two paths are one, makes its folder, and reads the variable that MotherDuck reads',
  },
  'src/databases/duckdb/connect.ts': {
    modules: ['node:fs/promises'],
    why: 'says which of two files DuckDB would read for a name in a query',
  },
  'src/databases/duckdb/spool.ts': {
    modules: ['node:fs/promises'],
    why: 'takes off the log of a file what a crash left at its end, which DuckDB itself would take for rows',
  },
  'src/databases/authentication.ts': {
    modules: ['node:fs/promises'],
    why: 'is the way into a server: reads certificates that the config names, and the variables that @azure/identity reads',
  },
  'src/databases/sqlite/connect.ts': {
    modules: ['node:fs/promises', 'node:worker_threads'],
    why: 'is the way to a file of SQLite, which blocks: a thread for each connection, and the folder for a file that is made',
  },
  'src/databases/sqlite/thread.ts': {
    modules: ['node:fs', 'node:sqlite', 'node:worker_threads'],
    why: 'is such a thread',
  },
  'src/docs/pages.ts': {
    modules: ['node:fs'],
    why: 'reads the pages that hygge itself came with',
  },
  'src/formats/parquet/encoder.ts': {
    modules: ['node:fs/promises'],
    why: 'reads the footers of what Polars encoded into scratch',
  },
  'src/formats/bytes/spilled-bytes.ts': {
    modules: ['node:fs/promises'],
    why: 'keeps bytes in scratch, of which ranges are read back: hashes of keys, and what a compaction stages',
  },
  'src/formats/bytes/file-bytes.ts': {
    modules: ['node:fs/promises'],
    why: 'reads what Polars encoded into scratch, and row groups of a local file that are copied',
  },
  'src/formats/parquet/fetch-groups.ts': {
    modules: ['node:fs/promises'],
    why: 'writes the wanted row groups of a remote file into scratch, for Polars to read',
  },
  'src/formats/parquet/look.ts': {
    modules: ['node:fs', 'node:fs/promises'],
    why: 'writes row groups that are copied into scratch, for Polars to decode once',
  },
  'src/formats/threads/threads.ts': {
    modules: ['node:worker_threads', 'node:os'],
    why: 'starts as many threads as there are processors; they compute over memory they are given, and over ranges of local files that they read themselves',
  },
  'src/formats/threads/thread.ts': {
    modules: ['node:worker_threads'],
    why: 'is such a thread: takes orders and answers them',
  },
};

/** What these modules have that is a pure function, or only lets others have their turn. */
const harmless: Readonly<Record<string, readonly string[]>> = {
  'node:crypto': ['createHash', 'createHmac', 'hash', 'type Hash'],
  'node:timers/promises': ['setImmediate'],
};

const outsideModules =
  /^node:(fs|os|child_process|net|http|https|http2|tls|dgram|dns|crypto|worker_threads|timers|perf_hooks|process|readline|sqlite|cluster|inspector)(\/|$)/;

function isHarmless(specifier: string, clause: string): boolean {
  const names = /^\{([^}]*)\}$/
    .exec(clause.trim())?.[1]
    ?.split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return names?.every((name) => harmless[specifier]?.includes(name)) ?? false;
}

/** Everything outside that the code reaches without a port, as sentences. */
export function reachesOut(source: Source): readonly string[] {
  return [...callsOut(source), ...importsOut(source)];
}

function callsOut(source: Source): readonly string[] {
  const candidates = calls.filter(({ allowedIn }) => !allowedIn.some((place) => source.path.startsWith(place)));
  if (!candidates.some(({ what }) => source.text.search(what) >= 0)) return [];
  const code = runningCode(source);
  return candidates.flatMap(({ what, port }) =>
    [...code.matchAll(what)].map((match) => {
      const at = source.text.indexOf(match[0]);
      return `${source.path}:${lineOf(source.text, Math.max(0, at))} uses ${match[0].replace(/\($/, '')}: the way there is ${port}`;
    }),
  );
}

function importsOut(source: Source): readonly string[] {
  if (always.some((place) => source.path.startsWith(place))) return [];
  const excepted = exceptions[source.path]?.modules ?? [];
  return importsOf(source)
    .filter(({ specifier, typeOnly, clause }) => outsideModules.test(specifier) && !typeOnly && !isHarmless(specifier, clause))
    .filter(({ specifier }) => !excepted.includes(specifier))
    .filter(({ specifier }) => !ofTheTrade.some(({ place, module }) => source.path.startsWith(place) && module.test(specifier)))
    .map(
      ({ specifier }) =>
        `${source.path} imports ${specifier}: only src/adapters, src/filesystems, src/remote and the exceptions in ports-only.ts may`,
    );
}
