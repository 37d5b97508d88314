import { HomeError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { PartitionColumn } from '../paths/partition-values.ts';

/** Files of one home lie in folders of different keys. */
export function unequalFolders(what: string, name: string): HomeError {
  return new HomeError({
    code: 'HYG-3207',
    what,
    why: ['Folders named key=value are read as columns, which every row then has.'],
    tryThis: [
      'Move the file into such a folder, or narrow the path of the home to files that lie alike',
      `Or let rows of other files have no ${name}: differing_files: unify`,
      'Or read no columns from folders: hive_partitions: false',
    ],
  });
}

export function inBoth(name: string, file: string): HomeError {
  return new HomeError({
    code: 'HYG-3208',
    what: `Column ${name} is in ${file} and in the names of folders.`,
    why: ['The two may differ, and it was decided before, or is said in hive_partitions, that folders tell.'],
    tryThis: [
      `Read what the files say: leave ${name} out of hive_partitions; if it settled from folders, hygge reset and hygge go`,
      `Or write the files without the column ${name}`,
    ],
  });
}

export function notOfType({ name, type }: PartitionColumn, file: string): HomeError {
  return new HomeError({
    code: 'HYG-3209',
    what: `The folder ${name}=… of ${file} is no value of ${describeType(type)}.`,
    why: ['The type of a column that is read from folders stays what it was when it settled.'],
    tryThis: [`Read it as text: hive_partitions: {${name}: string}`, 'Or decide anew: hygge reset, then hygge go'],
  });
}
