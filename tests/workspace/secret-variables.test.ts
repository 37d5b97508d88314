// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { expect, test } from 'vitest';
import { interpolate } from '../../src/workspace/read/interpolate.ts';
import { collectProblems } from '../../src/workspace/yaml/problems.ts';
import { lookUp } from '../../src/workspace/yaml/tree.ts';
import { parseMapping } from '../../src/workspace/yaml/yaml-tree.ts';

test.each([
  ['${TOKEN}', true],
  ['${TENANT}', false],
  ['${TENANT} ${TOKEN}', true],
  ['${TOKEN} ${TENANT}', true],
])('a header that is %s, where TENANT alone is listed as shown, is secret: %s', (written, isSecret) => {
  const problems = collectProblems();
  const tree = parseMapping({ name: 'hygge.yml', text: `headers: { X-Who: "${written}" }\n` }, problems);
  if (tree === undefined) throw new Error('it is no YAML');
  const filled = interpolate(tree, { TOKEN: 'a-long-token', TENANT: 'northwind' }, problems, { shown: new Set(['TENANT']) });
  expect(lookUp(filled, ['headers', 'X-Who'])?.tree).toMatchObject({ isSecret });
});
