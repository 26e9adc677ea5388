import { useTranslation } from 'react-i18next';
import { Counts } from './counts.tsx';

export interface ListedFile {
  path: string;
  additions: number;
  deletions: number;
}

export function FileList({
  files,
  current,
  onPick,
}: {
  files: readonly ListedFile[];
  current: string | null;
  onPick: (path: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <nav
      aria-label={t('changes.file_list')}
      className="w-64 shrink-0 overflow-y-auto border-r border-line py-2 pr-2 pl-6 max-lg:hidden"
    >
      <ul>
        {files.map((file) => (
          <li key={file.path} className="[content-visibility:auto] [contain-intrinsic-size:auto_1.75rem]">
            <button
              type="button"
              title={file.path}
              aria-current={file.path === current ? 'true' : undefined}
              onClick={() => onPick(file.path)}
              className={`flex w-full items-center gap-2 rounded-md px-2 py-1 text-left text-xs transition-colors ${
                file.path === current ? 'bg-hover text-ink' : 'text-ink-soft hover:bg-soft'
              }`}
            >
              <FileName path={file.path} />
              <Counts additions={file.additions} deletions={file.deletions} />
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The name stays whole, the folder gives way. */
export function FileName({ path }: { path: string }) {
  const cut = path.lastIndexOf('/') + 1;
  return (
    <span className="flex min-w-0 flex-1">
      <span className="truncate text-ink-faint">{path.slice(0, cut)}</span>
      <span className="max-w-full shrink-0 truncate">{path.slice(cut)}</span>
    </span>
  );
}
