type Props = { label: string; /** From 0 to 1. */ part: number; cancel(): void };

/** Only for runs that take longer than a frame or two; it lies over the headline, so nothing moves. */
export function Progress({ label, part, cancel }: Props) {
  return (
    <div class="progress">
      <progress max={100} value={Math.round(part * 100)} aria-label={label} />
      <button type="button" class="button" onClick={cancel}>
        Cancel
      </button>
    </div>
  );
}
