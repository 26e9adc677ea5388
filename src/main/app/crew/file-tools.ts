import { replaceOnce } from '../../domain/edit-text.ts';
import type { ParsedCall } from '../../domain/tools.ts';
import type { WorktreeFiles } from '../ports/workspace.ts';
import type { ToolAnswer } from './run-call.ts';

type FileCall = Exclude<ParsedCall, { name: 'run_command' | 'update_progress' | 'ask_human' | 'finish' }>;

const listLimit = 1000;
const searchLimit = 200;

/** The file tools of an agent; what the files refuse is an answer to the model, never a failure of the job. */
export async function runFileTool(
  files: WorktreeFiles,
  call: FileCall,
  signal: AbortSignal,
): Promise<ToolAnswer> {
  switch (call.name) {
    case 'list_files': {
      const listed = await files.list(call.input.path, listLimit);
      return listed.ok
        ? { ok: true, output: lines(listed.value.files, listed.value.truncated, '(no files)') }
        : refused(listed.error);
    }
    case 'search': {
      const found = await files.search(call.input.pattern, call.input.path, searchLimit, signal);
      return found.ok
        ? { ok: true, output: lines(found.value.matches, found.value.truncated, '(no matches)') }
        : refused(found.error);
    }
    case 'read_file': {
      const read = await files.read(call.input.path, call.input.from, call.input.to);
      return read.ok ? { ok: true, output: read.value.text || '(empty)' } : refused(read.error);
    }
    case 'edit_file':
      return editFile(files, call.input);
    case 'write_file': {
      const written = await files.write(call.input.path, call.input.content);
      return written.ok
        ? { ok: true, output: written.value.created ? 'created' : 'replaced' }
        : refused(written.error);
    }
    case 'delete_file': {
      const removed = await files.remove(call.input.path);
      return removed.ok ? { ok: true, output: 'deleted' } : refused(removed.error);
    }
  }
}

async function editFile(
  files: WorktreeFiles,
  input: { path: string; old_text: string; new_text: string },
): Promise<ToolAnswer> {
  const content = await files.readWhole(input.path);
  if (!content.ok) return refused(content.error);
  const edited = replaceOnce(content.value, input.old_text, input.new_text);
  if (!edited.ok) return { ok: false, output: edited.error };
  const written = await files.write(input.path, edited.value);
  return written.ok ? { ok: true, output: 'edited' } : refused(written.error);
}

const refused = (error: { message: string }): ToolAnswer => ({ ok: false, output: error.message });

function lines(items: readonly string[], truncated: boolean, empty: string): string {
  const text = items.join('\n') || empty;
  return truncated ? `${text}\n(there is more: narrow it down)` : text;
}
