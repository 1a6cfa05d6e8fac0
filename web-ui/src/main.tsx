import { render } from 'preact';
import { App } from './app/App';
import './styles/base.css';
import './styles/controls.css';
import './styles/parts.css';
import './styles/shell.css';
import './styles/admin.css';
import './styles/files.css';

render(<App />, document.getElementById('app')!);
