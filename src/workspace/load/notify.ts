import type { NoticeFormat, NotifySpec } from '../../ports/webhook.ts';
import { check } from '../check/check.ts';
import { notify } from '../schema/notify-schema.ts';
import { collectProblems, type Problems, quoted } from '../yaml/problems.ts';
import { entry, type Tree } from '../yaml/tree.ts';
import type { CheckedFlow } from './flow.ts';

/** Whom to tell of a flow's runs: what hygge.yml and the flow say together. Null: nobody. */
export function settleNotify(tree: Tree | undefined, flow: Pick<CheckedFlow, 'name' | 'spot'>, problems: Problems): NotifySpec | null {
  if (tree?.kind !== 'map') return null;
  const held = entry(tree, 'webhook');
  if (held === undefined) {
    problems.add({
      code: 'HYG-1012',
      what: '`webhook` is missing: `notify` needs to know whom to tell.',
      tryThis: [`Add \`webhook: \${TEAMS_WEBHOOK}\`, and the address under that name to the environment.`],
      spot: tree.spot,
      missing: 'notify.webhook',
    });
    return null;
  }
  const { value } = held;
  if (value.kind === 'scalar' && typeof value.value === 'string' && !value.fromVariable) {
    const advice = `\`webhook: \${${flow.name.toUpperCase().replaceAll('-', '_')}_WEBHOOK}\``;
    problems.warn(
      'secret webhook',
      `${quoted('webhook')} is written out in the file; a variable keeps it out of version control: ${advice}.`,
      value.spot,
    );
  }
  const subject = { name: `flow ${quoted(flow.name)}`, spot: flow.spot, prefix: ['notify'] };
  // Each layer was checked by itself, and told of.
  const read = check(notify, tree, subject, collectProblems())?.value;
  if (read?.webhook === undefined) return null;
  const format = read.format ?? formatOfHost(URL.parse(read.webhook.reveal())?.hostname ?? '');
  return { on: read.on ?? ['error', 'recovered'], webhook: read.webhook, format };
}

/** What an address takes, as far as its host tells. */
function formatOfHost(host: string): NoticeFormat {
  const below = (...domains: readonly string[]) => domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
  if (below('hooks.slack.com', 'hooks.slack-gov.com')) return 'slack';
  // Workflows answer under either of the first two; the third is that of the older connectors.
  return below('logic.azure.com', 'api.powerplatform.com', 'webhook.office.com') ? 'teams' : 'json';
}
