import { expect, test } from 'vitest';
import { asCopied } from '../../src/narrate/run/copy-lines.ts';

const command = 'hygge copy a.csv s3://lake/a';
const save = `${command} --save`;
const advised = (tryThis: readonly string[], saved: string | null = save) =>
  asCopied({ code: 'HYG-6404', tryThis }, { command, save: saved }).tryThis;
const again = 'Then run it again: nothing is done twice.';

test.each([
  [
    'Check the endpoint, http://h:9, and whether this machine may reach it: hygge debug.',
    'Check the endpoint, http://h:9, and whether this machine may reach it.',
  ],
  [
    'Check host, port, and whether a firewall lets this machine through: hygge debug',
    'Check host, port, and whether a firewall lets this machine through',
  ],
  ['Check whether this machine may reach this service: hygge debug lists the hosts.', 'Check whether this machine may reach this service.'],
  ['Ask the owner of the proxy to allow this host. hygge debug lists the hosts.', 'Ask the owner of the proxy to allow this host.'],
  ['And let the account use them: hygge debug prints each GRANT that is missing', 'And let the account use them'],
  ['Grant the rights that the message names; `hygge debug` tests each right.', 'Grant the rights that the message names.'],
  [
    'Check the way to it with `hygge debug`, then run again: nothing is done twice.',
    'Check the way to it, then run again: nothing is done twice.',
  ],
])('what a workspace would look at stays advised to a copy, without the command: %s', (line, expected) => {
  expect(advised([line, again])).toEqual([expected, again]);
});

test.each([
  'See the rights of hygge: hygge debug',
  'Then look again: hygge debug',
  'Check the account in `state:` of hygge.yml and the network: hygge debug',
])('what only a workspace has is not advised to a copy: %s', (line) => {
  expect(advised([line, again])).toEqual([again]);
});

test('another command is advised to a copy with the workspace that it needs, where the copy can be one', () => {
  const script = 'Have an administrator who may grant this right run the output of: hygge generate ddl --metadata';
  const workspace = `Other commands work in a workspace. This turns the copy into one and continues there: ${save}`;
  expect(advised([script])).toEqual([script, workspace]);
  expect(advised([script], null)).toEqual([script]);
  expect(advised([again])).toEqual([again]);
});
