import { useRef } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import { isEmpty } from '../app/state';
import { SECTIONS } from '../sections/sections';
import { ExampleList } from './example-list';
import { Book, FileIcon, Logo, Moon, Sun } from './icons';
import { Menu } from './menu';

export function Header() {
  const app = useApp();
  const empty = useValue(state => isEmpty(state.source));
  return (
    <header class="top">
      <a class="skip" href="#truth">
        Skip to the result
      </a>
      <h1 class="brand">
        <Logo />
        Portcullis
      </h1>
      <Sections />
      <div class="tools">
        <Menu label="Examples" icon={<Book />}>
          {close => <ExampleList chosen={close} />}
        </Menu>
        <OpenButton />
        <button type="button" class="button" disabled={empty} onClick={() => app.clear()}>
          Clear
        </button>
        <ThemeSwitch />
      </div>
    </header>
  );
}

/** The review and what stands beside it. */
function Sections() {
  const app = useApp();
  const section = useValue(state => state.section);
  const all = [{ id: 'review' as const, title: 'Review' }, ...SECTIONS];
  return (
    <nav class="sections" aria-label="Sections">
      {all.map(({ id, title }) => (
        <button key={id} type="button" class="section-link" aria-current={id === section ? 'page' : undefined} onClick={() => app.setSection(id)}>
          {title}
        </button>
      ))}
    </nav>
  );
}

function OpenButton() {
  const app = useApp();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        onChange={event => {
          const [file] = event.currentTarget.files ?? [];
          if (file) void app.open(file);
          // The same file can be opened again after it changed on the disk.
          event.currentTarget.value = '';
        }}
      />
      <button type="button" class="button" onClick={() => input.current?.click()}>
        <FileIcon />
        Open<span class="wide-only"> a file</span>
      </button>
    </>
  );
}

function ThemeSwitch() {
  const app = useApp();
  const theme = useValue(state => state.theme);
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  return (
    <button type="button" class="button button-icon" aria-pressed={dark} aria-label="Dark theme" title={dark ? 'Use the light theme' : 'Use the dark theme'} onClick={() => app.setTheme(dark ? 'light' : 'dark')}>
      {dark ? <Sun /> : <Moon />}
    </button>
  );
}
