/** Why a reset or a takeover of a destination is refused (HYG-2017), and how to continue if the state is about another destination than the present one. */
import { FlowError, StoreError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { EntityKey } from '../../ports/values.ts';
import { quoted } from './run.ts';

function cannotReset(key: EntityKey, what: string, why: string, tryThis: readonly string[]): FlowError {
  return new FlowError({ code: 'HYG-2017', what: `${key.flow}.${key.entity}: ${what}`, why: [why], tryThis });
}

const loadAnew = (key: EntityKey) => `Load everything again: hygge reset ${quoted(key)}, then hygge go`;

export function nothingToDiscard(key: EntityKey, what: 'finished' | 'given up' | 'nothing'): FlowError {
  const why = {
    finished: 'The commit that an earlier run decided was finished just now.',
    'given up': 'The store permanently refused the commit of an earlier run, and the commit was given up just now.',
    nothing: 'No commit of the entity is pending.',
  };
  return cannotReset(key, 'there is no decided commit to give up.', why[what], [
    'hygge status shows what the entity last settled',
    'hygge reset without --discard makes the next run a full load',
  ]);
}

export function anothersData(key: EntityKey, where: string, other: EntityKey): FlowError {
  return cannotReset(
    key,
    'the existing data belong to another entity.',
    `${where} has the settled rows of ${other.flow}.${other.entity}, and two entities must not own the same files.`,
    [`hygge go -e ${quoted(key)} reports the remedy`, `Load everything again next to it: hygge reset ${quoted(key)}, then hygge go`],
  );
}

export function nothingToAdopt(key: EntityKey, where: string): FlowError {
  return cannotReset(
    key,
    'there is nothing to take over.',
    `${where} is empty. A run that continues from a watermark or a list of files would never load the settled rows again.`,
    ['If the place was moved or emptied by mistake, restore it', loadAnew(key)],
  );
}

/** Why it is unknown where runs could continue: no value is known, the known value is of another column, or it has another type. */
export type UnknownEnd =
  | { readonly why: 'unknown' }
  | { readonly why: 'other column'; readonly known: Watermark; readonly column: string | undefined }
  | { readonly why: 'other type'; readonly known: Watermark; readonly type: DataType };

export function endUnknown(key: EntityKey, found: UnknownEnd): FlowError {
  const name = quoted(key);
  return cannotReset(key, 'the end of its settled rows is not known.', noEnd(found), [
    `Set the last settled value: hygge reset ${name} --adopt --watermark VALUE (runs continue strictly above it)`,
    `Or load everything again: hygge reset ${name}, then hygge go`,
  ]);
}

function noEnd(found: UnknownEnd): string {
  switch (found.why) {
    case 'unknown':
      return 'Neither the destination nor the state has a watermark for the existing rows.';
    case 'other column':
      return `The existing rows go up to ${found.known.text} of ${found.known.column}; this value does not apply to ${found.column}.`;
    case 'other type': {
      const { known, type } = found;
      return `The existing rows go up to ${known.text} as ${describeType(known.type)}; ${known.column} is ${describeType(type)} now.`;
    }
  }
}

/** @param twin a file that may have been read under another path. Null: the list of files is lost. */
export function takenFilesUnknown(key: EntityKey, twin: string | null): FlowError {
  const why =
    twin === null
      ? 'The list of the files that were read is lost or outdated, and the destination does not record all of these files.'
      : `${twin} has the name and size of a file that was read under the earlier configuration of the source, so it may be the same file.`;
  return cannotReset(key, 'the files that it has read are not known.', why, [
    'Restore the state and the destination from backups of the same time',
    `Or load the whole source again: hygge reset ${quoted(key)}, then hygge go`,
  ]);
}

export function noWatermarkToGive(key: EntityKey): FlowError {
  return cannotReset(key, 'it cannot continue from a watermark.', 'Its flow has no watermark.', [
    'Leave --watermark out, or add watermark: { column: … } to its flow',
  ]);
}

export function noTypeOfWatermark(key: EntityKey, column: string): FlowError {
  return cannotReset(
    key,
    'it cannot continue from a given watermark.',
    `Neither the destination nor the source shows the type of ${column}.`,
    ['Check watermark.column', `Or load everything again: hygge reset ${quoted(key)}, then hygge go`],
  );
}

/** Why a destination is taken over. Advice needs to say it. */
export type AdoptionPurpose = 'take over' | 'continue' | 'continue as remembered' | 'accept the rest' | 'keep' | 'accept edits';

const keepings: Readonly<Record<AdoptionPurpose, string>> = {
  'take over': 'Adopt the destination',
  continue: 'Continue from the destination',
  'continue as remembered': 'Continue from the last commit of the destination',
  'accept the rest': 'Accept what is left',
  keep: 'Keep the settled rows and continue',
  'accept edits': 'Accept the present files',
};

/**
 * A way to continue. `anew`: always possible. `adopt`: the destination shows where the entity ended. `above`: runs then continue strictly above this
 * value, though rows with exactly this value may have arrived since. `adopt from a value`: only a person knows the value.
 */
export type WayToContinue =
  | { readonly way: 'anew' }
  | { readonly way: 'adopt'; readonly mayMissRowsAt: string | null }
  | { readonly way: 'adopt from a value' };

export function continuationAdvice(key: EntityKey, keeping: AdoptionPurpose, on: WayToContinue): string {
  switch (on.way) {
    case 'anew':
      return loadAnew(key);
    case 'adopt': {
      const except =
        on.mayMissRowsAt === null
          ? ''
          : ` (runs continue strictly above ${on.mayMissRowsAt}; later rows with exactly that value are not read)`;
      return `${keepings[keeping]}: hygge reset ${quoted(key)} --adopt${except}`;
    }
    case 'adopt from a value':
      return `${keepings[keeping]}, strictly above a value: hygge reset ${quoted(key)} --adopt --watermark VALUE`;
  }
}

/** The destination lost all its rows, so runs can’t continue, and a takeover is refused as well. */
export function destinationIsEmptied(key: EntityKey, where: string, settled: number): StoreError {
  return new StoreError({
    code: 'HYG-4232',
    what: `${settled === 1 ? 'The 1 row' : `All ${settled.toLocaleString('en-US')} rows`} that settled in ${where} ${settled === 1 ? 'is' : 'are'} gone.`,
    why: ['Someone emptied it. A run that adds only new rows would succeed with a wrong result.'],
    tryThis: ['Put the rows back', loadAnew(key)],
  });
}
