import { PlaywrightClosingReport } from './closingReport';

export default PlaywrightClosingReport;
