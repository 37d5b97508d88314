/**
 * Keys that a flow may let the caller of its HTTP function set. A list of what is harmless, not of what is not: a function key must never
 * redirect data, so paths, types, connections, addresses and queries are not in it, nor is any key that a connector may get one day.
 */
const harmless = [
  /^(run_type|if_exists|write_strategy|on_empty|on_shrink|changed_files|concurrency|batch_size|compression|parallel_workers)$/,
  /^watermark\.(initial|lag|overlap|nulls|boundary|future)$/,
  /^schema\.mode$/,
  /^schema_evolution\.(add_columns|remove_columns|type_changes|nullable_changes)$/,
  /^(home|store)\.(batch_size|compression|parallel_workers|target_file_size)$/,
  /^home\.(columns|exclude)$/,
];

/** What is wrong with letting this key be set from outside, as the end of "needs …", or undefined. */
export function outsideProblem(key: string): string | undefined {
  if (harmless.some((one) => one.test(key))) return undefined;
  return 'keys that cannot redirect data, such as `run_type`, `watermark.initial`, `batch_size` or `home.columns`';
}
