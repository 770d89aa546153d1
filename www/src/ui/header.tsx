import { useEffect, useRef } from 'preact/hooks';
import { useApp, useValue } from '../app/context';
import { nothingPasted } from '../app/documents';
import { chosen } from '../source/files';
import { SECTIONS } from '../sections/sections';
import { TakeMenu } from '../take/take-menu';
import { ExampleList } from './example-list';
import { Book, FileIcon, Logo, Moon, Sun } from './icons';
import { Menu } from './menu';

export function Header() {
  const app = useApp();
  const empty = useValue(nothingPasted);
  // What is cleared has to be in sight.
  const elsewhere = useValue(state => state.section !== 'review');
  return (
    <header class="top">
      <a class="skip" href="#truth">
        Skip to the result
      </a>
      <h1 class="brand">
        <Logo />
        <span class="brand-name">Portcullis</span>
      </h1>
      <Sections />
      <div class="tools">
        <Menu label="Examples" icon={<Book />}>
          {close => <ExampleList chosen={close} />}
        </Menu>
        <OpenButton />
        <TakeMenu />
        <button type="button" class="button" disabled={empty || elsewhere} onClick={() => app.clear()}>
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
  const row = useRef<HTMLElement>(null);
  useEffect(() => row.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), [section]);
  return (
    <nav class="sections" aria-label="Sections" ref={row}>
      {all.map(({ id, title }) => (
        <button key={id} type="button" class="section-link" aria-current={id === section ? 'page' : undefined} onClick={() => app.setSection(id)}>
          {title}
        </button>
      ))}
    </nav>
  );
}

function OpenButton() {
  return (
    <Menu label="Open" icon={<FileIcon />}>
      {close => (
        <div class="menu-list">
          <Chooser label="Files…" close={close} />
          <Chooser label="A folder…" folder close={close} />
          <p class="quiet">Or drop them anywhere. Each becomes a document beside the others; .gz is unpacked.</p>
        </div>
      )}
    </Menu>
  );
}

function Chooser({ label, folder = false, close }: { label: string; folder?: boolean; close: () => void }) {
  const app = useApp();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={element => {
          input.current = element;
          if (element) element.webkitdirectory = folder;
        }}
        type="file"
        multiple
        data-opens={folder ? 'folder' : 'files'}
        hidden
        onChange={event => {
          void app.open(chosen(event.currentTarget.files ?? []));
          close();
        }}
      />
      <button type="button" class="button button-quiet" onClick={() => input.current?.click()}>
        {label}
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
