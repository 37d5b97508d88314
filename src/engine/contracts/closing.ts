/** What is told and published when a flow has run. Composed outside the engine: prose and addresses are no business of its. */
import type { EntityKey, Json } from '../../ports/values.ts';
import type { Notice, NoticeFormat, NotifySpec, Webhook } from '../../ports/webhook.ts';

export interface Closing {
  /** Null: nobody is told of this flow. */
  notify(flow: string): NotifySpec | null;
  /** The notice as a webhook takes it. */
  message(notice: Notice, format: NoticeFormat): Json;
  readonly webhook: Webhook;
  /** The entity that publishes the journal; null: it stays where it is. */
  readonly mirror: EntityKey | null;
}
