import type { ComponentChildren } from 'preact';

function Icon({ children }: { children: ComponentChildren }) {
  return (
    <svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      {children}
    </svg>
  );
}

export const Logo = () => (
  <svg class="logo" width="28" height="28" viewBox="0 0 28 28" aria-hidden="true">
    <path class="logo-arch" d="M2 27V13C2 6.4 7.4 1 14 1s12 5.4 12 12v14" />
    <path class="logo-gate" d="M8 5.5V20l1.5 3.5L11 20V4.3M17 4.3V20l1.5 3.5L20 20V5.5M5 12h18M5 17h18" />
  </svg>
);
export const Chevron = () => <Icon><path d="m6 3.5 4.5 4.5L6 12.5" /></Icon>;
export const Down = () => <Icon><path d="M3.5 6 8 10.5 12.5 6" /></Icon>;
export const Copy = () => <Icon><path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" /></Icon>;
export const Check = () => <Icon><path d="m3 8.5 3.3 3.3L13 4.5" /></Icon>;
export const Close = () => <Icon><path d="m4 4 8 8M12 4l-8 8" /></Icon>;
export const FileIcon = () => <Icon><path d="M9 1.5H3.5v13h9V5zM9 1.5V5h3.5" /></Icon>;
export const Download = () => <Icon><path d="M8 2v8M4.5 6.5 8 10l3.5-3.5M2.5 13.5h11" /></Icon>;
export const Cross = () => <Icon><path d="m4 4 8 8M12 4l-8 8" /></Icon>;
export const Plus = () => <Icon><path d="M8 3v10M3 8h10" /></Icon>;
export const Lock = () => <Icon><path d="M3.5 7.5h9v6.5h-9zM5.3 7.5V5a2.7 2.7 0 0 1 5.4 0v2.5" /></Icon>;
export const Sun = () => <Icon><path d="M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1" /></Icon>;
export const Moon = () => <Icon><path d="M13.5 9.7A6 6 0 0 1 6.3 2.5a6 6 0 1 0 7.2 7.2z" /></Icon>;
export const Book = () => <Icon><path d="M2 3.5c2.5-1 4.5-.7 6 .7 1.5-1.4 3.5-1.7 6-.7v9c-2.5-1-4.5-.7-6 .7-1.5-1.4-3.5-1.7-6-.7zM8 4.2v9" /></Icon>;
