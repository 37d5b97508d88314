/** The errors of closing a flow. An example is a notice that could not be sent. */
import { ConnectionError } from '../../errors/hygge-error.ts';

/** Why a message was not accepted. If `status` is null, no answer came. */
export function whyNotDelivered({ status, why }: { readonly status: number | null; readonly why: string }): string {
  return status === null ? why : `It answered ${status}.`;
}

/** @param answer the result of the last try. */
export function noticeNotSent(
  flow: string,
  answer: { readonly status: number | null; readonly why: string },
  tries: number,
): ConnectionError {
  const why = whyNotDelivered(answer);
  return new ConnectionError({
    code: 'HYG-6010',
    what: `The webhook of flow ${flow} did not accept the message about this run.`,
    why: [tries === 1 ? why : `${why} It was tried ${tries} times.`],
    tryThis: [
      'Check that the webhook still exists, and that notify.webhook contains its whole address',
      'If its address does not show the service, set the format: notify.format: teams, slack or json',
    ],
  });
}

/** The text for a failure whose code is missing in the catalogue. */
export const unknownFailure = { what: 'The run failed; the journal has its messages.', try: 'Look at the journal of the run.' };
