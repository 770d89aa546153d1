import { useRef } from 'preact/hooks';

type Props = { label: string; /** What kinds of files are offered. */ accept: string; multiple?: boolean; quiet?: boolean; chosen(files: File[]): void };

/** A button that opens files of this computer. */
export function FileButton({ label, accept, multiple = false, quiet = false, chosen }: Props) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        accept={accept}
        multiple={multiple}
        hidden
        data-opens={label}
        onChange={event => {
          chosen([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
      <button type="button" class={quiet ? 'button button-quiet' : 'button'} onClick={() => input.current?.click()}>
        {label}
      </button>
    </>
  );
}
