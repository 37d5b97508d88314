/** Words from command lines of other tools, with the words of hygge that correspond to them. */

interface Hint {
  readonly words: readonly string[];
  /** The replacement in `hygge copy`. Absent: the replacement is the same as for other commands. */
  readonly copy?: string;
  readonly elsewhere: string;
}

const options: readonly Hint[] = [
  {
    words: ['--mode', '--run-type', '--strategy', '--incremental-strategy', '--write-disposition'],
    copy: 'A copy loads all rows, or only new rows: --watermark updated_at. For data of others: --if-exists append or replace',
    elsewhere: 'The flow sets this: run_type. For one run: hygge go -i loads only new rows, hygge go -d all rows',
  },
  {
    words: ['--append'],
    copy: 'For new rows only: --watermark updated_at. To keep rows of other programs: --if-exists append',
    elsewhere: 'Only new rows, in one run: hygge go -i',
  },
  {
    words: ['--overwrite', '--replace', '--truncate'],
    copy: 'Rows of this copy are replaced each time. Data of others: --if-exists replace',
    elsewhere: 'All rows again, in one run: hygge go -d',
  },
  {
    words: ['--full-refresh', '--refresh', '--full', '--full-load'],
    copy: 'Everything anew: -d',
    elsewhere: 'Everything again: hygge go -d',
  },
  {
    words: ['--primary-key', '--unique-key', '--pk', '--merge-key'],
    copy: 'Write --key id, together with --watermark updated_at',
    elsewhere: 'The flow names it: watermark: { column: updated_at, key: [id] }',
  },
  {
    words: ['--incremental-key', '--update-key', '--cursor', '--cursor-field', '--replication-key'],
    copy: 'Write --watermark updated_at',
    elsewhere: 'The flow names it: watermark: { column: updated_at }',
  },
  {
    words: ['--src-conn', '--src-stream', '--src', '--source', '--source-uri', '--source-table', '--from'],
    copy: "FROM is the first word after copy: hygge copy 'postgres://me@host/shop#sales.orders' lake/orders",
    elsewhere: "The flow names its home. Without a flow: hygge copy 'postgres://me@host/shop#sales.orders' lake/orders",
  },
  {
    words: ['--tgt-conn', '--tgt-object', '--tgt', '--dest', '--dest-uri', '--dest-table', '--destination', '--to', '--out'],
    copy: "TO is the second word after copy: hygge copy data/orders.csv 'shop.db#orders'",
    elsewhere: "The flow names its store. Without a flow: hygge copy data/orders.csv 'shop.db#orders'",
  },
  { words: ['--sql', '--custom-sql', '--src-query'], copy: "Write --query 'select …'", elsewhere: 'The flow names it: home: { query: … }' },
  { words: ['--filter', '--condition'], copy: "Write --where 'id > 5'", elsewhere: 'The flow names it: home: { where: … }' },
  {
    words: ['--select', '-s', '--models', '--streams', '--stream', '--pipeline'],
    copy: 'Columns are chosen by --columns id,name, and rows by --where',
    elsewhere: 'Name the flow or the entity: hygge go shop, hygge go shop.orders',
  },
  { words: ['-t', '--env', '--environment', '--profile'], elsewhere: 'Write --target prod' },
  { words: ['--dry', '--plan', '--noop', '--what-if'], elsewhere: 'Write --dry-run' },
  { words: ['--threads', '--workers', '--parallel', '--jobs'], elsewhere: 'Entities at once: hygge go -c 4' },
  { words: ['--debug', '--trace', '-vv'], elsewhere: 'Write -v' },
  { words: ['--json'], elsewhere: 'Write --output json' },
  {
    words: ['--limit', '--max-rows', '--top'],
    copy: 'Write --limit 100',
    elsewhere: 'The first rows of an entity: hygge preview shop.orders -n 3',
  },
  {
    words: ['--quiet', '-q', '--silent'],
    copy: 'The exit code shows how a run ended. The shell can write the lines to a file: hygge copy FROM TO > copy.log',
    elsewhere: 'The exit code shows how a run ended. The shell can write the lines to a file: hygge go > go.log',
  },
  {
    words: ['--range', '--start-date', '--end-date', '--interval-start', '--interval-end', '--backfill'],
    elsewhere: 'Write hygge backfill shop.orders --from 2024-01-01 --to 2024-02-01',
  },
];

const commands: readonly Hint[] = [
  {
    words: ['run', 'sync', 'build', 'load', 'extract', 'execute', 'elt', 'etl'],
    elsewhere: 'Write hygge go, or without a workspace: hygge copy FROM TO',
  },
  { words: ['ingest', 'replicate', 'import', 'export', 'cp', 'transfer', 'move'], elsewhere: 'Write hygge copy FROM TO' },
  { words: ['validate', 'lint', 'parse', 'compile'], elsewhere: 'For the files: hygge check. For connections and rights: hygge debug' },
  { words: ['test', 'doctor', 'ping', 'connect'], elsewhere: 'For connections and rights: hygge debug. For settled rows: hygge verify' },
  { words: ['logs', 'log', 'history', 'runs'], elsewhere: 'Write hygge journal; hygge journal --run ID shows one run' },
  { words: ['plan', 'dry-run'], elsewhere: 'Write hygge go --dry-run' },
  { words: ['refresh'], elsewhere: 'Everything again: hygge go -d' },
  { words: ['retry', 'rerun'], elsewhere: 'What failed last time: hygge go --failed' },
  { words: ['discover', 'add', 'tap', 'source'], elsewhere: 'Write hygge init --from with a database or folder' },
  { words: ['new', 'create', 'project'], elsewhere: 'Write hygge init my-lake' },
  { words: ['conns', 'connections', 'conn'], elsewhere: 'Write hygge list connections' },
  { words: ['ls', 'flows', 'streams', 'pipelines'], elsewhere: 'Write hygge list flows' },
  { words: ['show', 'head', 'sample'], elsewhere: 'The first rows of an entity: hygge preview shop.orders' },
  { words: ['clean', 'clear', 'wipe'], elsewhere: 'Write hygge reset shop.orders' },
  { words: ['man', 'manual', 'faq', 'search'], elsewhere: 'Write hygge docs, or hygge docs with the words of a question' },
  { words: ['sql', 'select'], elsewhere: "Write hygge query 'select count(*) from shop.orders'" },
  { words: ['ps', 'monitor'], elsewhere: 'Write hygge status' },
];

/** @param command the command in the line. Undefined: the line has no command. */
export function hintForOption(word: string, command: string | undefined): string | undefined {
  const hint = options.find(({ words }) => words.includes(word.split('=')[0] ?? word));
  return command === 'copy' ? (hint?.copy ?? hint?.elsewhere) : hint?.elsewhere;
}

export function hintForCommand(word: string): string | undefined {
  return commands.find(({ words }) => words.includes(word.toLowerCase()))?.elsewhere;
}

/** All hints, for a test that checks them. */
export const everyHint: readonly string[] = [...options, ...commands].flatMap(({ copy, elsewhere }) =>
  copy === undefined ? [elsewhere] : [copy, elsewhere],
);
