import type { EntitySpec } from '../../engine/contracts/spec.ts';

/** The effect of a run on its own existing destination: the table of modes in the docs, as code. */
export function modeOf(setting: Pick<EntitySpec, 'runType' | 'ifExists'> & { readonly hasKey: boolean }): 'swap' | 'append' | 'merge' {
  if (setting.runType === 'full_drop') return setting.ifExists !== 'append' ? 'swap' : setting.hasKey ? 'merge' : 'append';
  return setting.hasKey ? 'merge' : 'append';
}

/** Why `write_strategy` contradicts the mode of the run; undefined: it fits the mode. */
export function strategyConflict(
  setting: Pick<EntitySpec, 'runType' | 'ifExists' | 'writeStrategy'> & { readonly hasKey: boolean },
): { readonly what: string; readonly tryThis: string } | undefined {
  if (setting.writeStrategy === null) return undefined;
  const mode = modeOf(setting);
  if (how[mode] === setting.writeStrategy || (mode === 'swap' && isFullLoad(setting))) return undefined;
  return {
    what: `\`write_strategy: ${setting.writeStrategy}\` contradicts what this run does: ${does[mode]}.`,
    tryThis: remedy(setting, mode),
  };
}

/**
 * The strategies of a full load. `direct_insert` deletes and inserts only hygge’s rows, so rows of other writers stay. `merge` updates and inserts by the
 * key, and removes rows that are missing in the load. Some stores support only some strategies.
 */
function isFullLoad({ writeStrategy, hasKey }: Pick<EntitySpec, 'writeStrategy'> & { readonly hasKey: boolean }): boolean {
  return writeStrategy === 'direct_insert' || (writeStrategy === 'merge' && hasKey);
}

const how = { swap: 'temp_swap', append: 'direct_insert', merge: 'merge' } as const;

const does = {
  swap: 'a full load replaces the old content by the new',
  append: 'it adds rows to existing ones',
  merge: 'with `watermark.key` it merges rows by their key',
} as const;

function remedy(setting: Pick<EntitySpec, 'writeStrategy'>, mode: keyof typeof how): string {
  const right = `Remove \`write_strategy\`, or write \`${how[mode]}\``;
  if (setting.writeStrategy === 'temp_swap')
    return `${right}; for a swap, load with \`run_type: full_drop\` and without \`if_exists: append\`.`;
  if (setting.writeStrategy === 'merge') return `${right}; to merge, set \`run_type: incremental\` and \`watermark.key\`.`;
  return `${right}; to add rows, remove \`watermark.key\` and set \`run_type: incremental\` or \`if_exists: append\`.`;
}
