type Props = {
  label: string;
  first: number;
  last: number;
  value: number;
  /** What the value means, for people who do not see the picture. */
  says: string;
  set: (value: number) => void;
};

/** A number, by sliding and by typing. */
export function Slider({ label, first, last, value, says, set }: Props) {
  const read = (text: string) => {
    if (text.trim() !== '' && Number.isFinite(Number(text))) set(Math.min(last, Math.max(first, Math.round(Number(text)))));
  };
  return (
    <label class="fig-slider">
      <span>{label}</span>
      <input type="number" inputMode="numeric" min={first} max={last} value={value} onChange={event => read(event.currentTarget.value)} />
      <input type="range" aria-label={label} aria-valuetext={says} min={first} max={last} value={value} onInput={event => read(event.currentTarget.value)} />
    </label>
  );
}
