/** Outline icons on a 24 px grid; paths in the style of the Lucide set (ISC licence), drawn here so that only used ones ship. */
const paths = {
  box: 'M21 8 12 3 3 8v8l9 5 9-5zM3 8l9 5 9-5M12 13v8',
  layers: 'm12 3 9 5-9 5-9-5zM3 13l9 5 9-5',
  terminal: 'm5 7 5 5-5 5M12 17h7',
  play: 'M7 4.5v15l12-7.5z',
  stop: 'M6 6h12v12H6z',
  pause: 'M8 5v14M16 5v14',
  restart: 'M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5',
  plus: 'M12 5v14M5 12h14',
  x: 'M6 6l12 12M18 6 6 18',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4',
  menu: 'M4 7h16M4 12h16M4 17h16',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5 19 19M19 5l-1.5 1.5M6.500 17.500 5 19',
  moon: 'M20 14A8 8 0 1 1 10 4a6.500 6.500 0 0 0 10 10z',
  user: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0',
  users: 'M9 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21a7 7 0 0 1 14 0M16 4.200a4 4 0 0 1 0 7.600M18.500 14.500A7 7 0 0 1 22 21',
  key: 'M8 19a5 5 0 1 0 0-10 5 5 0 0 0 0 10zM11.500 10.500 20 2M16 6l3 3',
  shield: 'M12 3 4 6v6c0 5 3.500 8 8 9 4.500-1 8-4 8-9V6z',
  chart: 'M4 20V4M4 20h16M8 16v-4M12 16V8M16 16v-7',
  server: 'M4 4h16v7H4zM4 13h16v7H4zM8 7.500h.01M8 16.500h.01',
  building: 'M5 21V4h9v17M14 9h5v12M3 21h18M8.500 8h2M8.500 12h2M8.500 16h2',
  bell: 'M6 16V10a6 6 0 1 1 12 0v6l2 2H4zM10 21h4',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM8 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  upload: 'M12 16V5M7 9l5-5 5 5M4 20h16',
  logout: 'M10 4H4v16h6M14 8l4 4-4 4M9 12h9',
  splitRight: 'M4 4h16v16H4zM12 4v16',
  splitDown: 'M4 4h16v16H4zM4 12h16',
  expand: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  folder: 'M3 6h7l2 3h9v11H3z',
  edit: 'm4 20 1-4L16 5l3 3L8 19zM13.500 7.500l3 3',
  file: 'M6 3h8l5 5v13H6zM14 3v5h5',
  eye: 'M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z',
  chevron: 'm9 6 6 6-6 6',
  send: 'M21 3 10 14M21 3l-7 18-4-7-7-4z',
  skull: 'M5 11a7 7 0 1 1 14 0c0 3-2 4-2 6v3H7v-3c0-2-2-3-2-6zM9.500 11h.01M14.500 11h.01M12 16v4',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
