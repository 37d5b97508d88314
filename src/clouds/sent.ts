/** How a request ended: the HTTP status, or the network's code instead of it. */
export interface Ended {
  /** Undefined: no answer. */
  readonly status: number | undefined;
  /** The service's own code, or that of the network: `ServerBusy`, `ECONNRESET`. */
  readonly code: string;
}

/** The network's own codes of a request that never left. */
const neverSent: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH']);

export function wasNeverSent({ status, code }: Ended): boolean {
  return status === undefined && neverSent.has(code);
}

/** Whether a write may have happened, for all that is known. Of such a one `OutcomeUnknown` is thrown (I5). */
export function isOpen({ status, code }: Ended): boolean {
  return status === undefined ? !neverSent.has(code) : status >= 500 || status === 408;
}
