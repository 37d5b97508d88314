/** Who holds a lease: enough to tell, on the same machine, whether that process can still be alive. */
export interface LeaseHolder {
  /** Host name as a person would know it. */
  readonly host: string;
  /** Changes at every boot (Linux boot id); '' where the platform has none. */
  readonly boot: string;
  readonly pid: number;
  /** Start time of the process in the platform's own ticks, so that a reused pid is another process. */
  readonly started: string;
  /** What a person would call it: `hygge go` or the function app's name. */
  readonly program: string;
}

/** The process we run in and what it can know about others. */
export interface Host {
  readonly self: LeaseHolder;
  /** `dead` only when proven (same host; other boot, no such pid, or that pid started at another time). */
  fate(holder: LeaseHolder): Promise<'alive' | 'dead' | 'unknown'>;
  /** How long a run of ours may be silent before others may take its entity. Absent: as long as the engine usually bears it. */
  readonly leaseMs?: number;
  /** Processors that may be used at once. */
  readonly processors: number;
}
