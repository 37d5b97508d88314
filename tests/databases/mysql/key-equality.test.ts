import { expect, test } from 'vitest';
import { keyEquality } from '../../../src/databases/mysql/key-equality.ts';
import { foldedLetters } from '../../../src/frames/row-sum/alike-keys.ts';
import { noMariadb } from '../../support/mariadb.ts';
import { openDatabase } from './support.ts';

const ascii = Array.from({ length: 26 }, (_, n) => [String.fromCharCode(65 + n), String.fromCharCode(97 + n)] as const);
const pairsOf = { exact: [], unknown: [], ascii, case: [...ascii, ...foldedLetters.case], accents: [...ascii, ...foldedLetters.accents] };

test.skipIf(noMariadb() !== '')(
  'every collation of the server takes for one what keys are folded by, letters and blanks at the end',
  async () => {
    await using opened = await openDatabase();
    const collations = (
      await opened.lines(
        `select distinct c.collation_name, c.character_set_name from information_schema.collation_character_set_applicability c where c.character_set_name in ('utf8mb3', 'utf8', 'utf8mb4', 'latin1', 'latin2', 'cp1250')`,
      )
    ).map((line) => line.split('\t'));
    const table = collations.map(([name = '', charset = '']) => {
      const collation = name.startsWith('uca') ? `${charset}_${name}` : name;
      const { letters, isPadded } = keyEquality(collation);
      const as = (text: string) => `convert(${text} using ${charset}) collate ${collation}`;
      const back = (text: string) => `cast(convert(convert(${text} using ${charset}) using utf8mb4) as binary) = cast(${text} as binary)`;
      const pairs = pairsOf[letters].map(([one, other]) => `select '${one}' a, '${other}' b`).join(' union all ');
      const apart =
        pairs === '' ? '0' : `(select count(*) from (${pairs}) p where ${back('a')} and ${back('b')} and not (${as('a')} = ${as('b')}))`;
      return { collation, letters, statement: `select '${collation}', ${apart}, ${isPadded ? '' : 'not '}(${as("'a'")} = ${as("'a  '")})` };
    });
    const answers = await opened.lines(['set names utf8mb4', ...table.map(({ statement }) => statement)].join(';\n'));
    expect(answers.filter((line) => !/\t0\t1$/.test(line))).toEqual([]);
    expect(answers).toHaveLength(collations.length);
    const known = new Set(table.filter(({ letters }) => letters !== 'exact' && letters !== 'unknown').map(({ collation }) => collation));
    expect([...known]).toEqual(expect.arrayContaining(['utf8mb4_general_ci', 'utf8mb4_unicode_ci', 'latin1_swedish_ci']));
  },
);
