/** The style of a page: light by day, dark by night. Every text has a contrast of at least 4.5 to 1, every chart of at least 3 to 1. */
export const pageStyle = `
:root{color-scheme:light dark;--ground:#faf6f0;--card:#fffdfa;--ink:#2c2622;--quiet:#6a5f56;--line:#e7ddd0;--chart:#a07d5c;--good:#2c6e4e;--caution:#875600;--bad:#a92f26;--goodly:#e6f0e8;--cautiously:#f8ecd2;--badly:#f9e4df}
@media (prefers-color-scheme:dark){:root{--ground:#191614;--card:#221e1b;--ink:#efe8df;--quiet:#aea295;--line:#3a332d;--chart:#a98862;--good:#84c7a1;--caution:#e3b25c;--bad:#f28f83;--goodly:#1d2b23;--cautiously:#30281a;--badly:#361f1c}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;overflow-wrap:anywhere}
main,header,footer{max-width:84rem;margin:0 auto;padding:0 1.25rem}
h1,h2,h3,h4,p,dl,dd,ol,ul,figure{margin:0;padding:0}
h1,h2{font-family:ui-serif,Georgia,"Noto Serif","DejaVu Serif",serif;font-weight:600;line-height:1.2}
h1{font-size:clamp(1.6rem,1.1rem + 2vw,2.5rem)}
h2{font-size:1.35rem;margin:2.75rem 0 1rem}
h3,h4{font-size:1rem;font-weight:600}
h3,h4,td,th,dd,code,li{unicode-bidi:isolate}
ul,ol{list-style:none}
a{color:inherit;text-underline-offset:.2em;text-decoration-color:var(--chart)}
a:focus-visible,summary:focus-visible{outline:3px solid var(--caution);outline-offset:3px;border-radius:3px}
code{font:.875em/1.5 ui-monospace,"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--ground);border:1px solid var(--line);border-radius:5px;padding:.1em .4em}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:1}
.quiet,figcaption,dt,small{color:var(--quiet)}
.good{--tone:var(--good);--wash:var(--goodly)}.caution{--tone:var(--caution);--wash:var(--cautiously)}.bad{--tone:var(--bad);--wash:var(--badly)}
header{padding-top:1.5rem}
.top{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.25rem 2rem;margin-bottom:1rem;font-size:.9rem}
.verdict{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1.1rem;align-items:center;background:var(--wash);border:1px solid var(--line);border-radius:16px;padding:1.4rem 1.5rem}
.verdict p{grid-column:2}
.mark{display:grid;place-items:center;width:2.9rem;height:2.9rem;border-radius:50%;background:var(--tone);color:var(--card);font-size:1.5rem;font-weight:700;line-height:1}
.sums{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.9rem 1.5rem;padding:1.25rem .25rem 0}
.sums dd{font-size:1.25rem;font-weight:600;font-variant-numeric:tabular-nums}
.sums div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
dt,small,figcaption{font-size:.8125rem;line-height:1.4}
.needs{display:grid;gap:1rem}
.needs>li{background:var(--card);border:1px solid var(--line);border-inline-start:5px solid var(--tone);border-radius:12px;padding:1.1rem 1.25rem}
.needs h3{font-size:1.1rem;margin-bottom:.25rem}
.needs h3 span{color:var(--tone)}
.needs ul{margin:.6rem 0;display:grid;gap:.35rem}
.needs pre{white-space:pre-wrap;margin:.25rem 0 .5rem;font:.875rem/1.5 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;border-inline-start:2px solid var(--line);padding-inline-start:.75rem}
.try{border-top:1px solid var(--line);padding-top:.6rem}
.try li{padding-inline-start:1.1rem;text-indent:-1.1rem}
.try li::before{content:"→ ";color:var(--quiet)}
table{width:100%;border-collapse:separate;border-spacing:0;background:var(--card);border:1px solid var(--line);border-radius:12px;font-variant-numeric:tabular-nums}
th,td{text-align:start;padding:.5rem .9rem;border-bottom:1px solid var(--line);vertical-align:top;font-weight:400}
tr:last-child>*{border-bottom:0}
thead th{font-size:.8125rem;color:var(--quiet)}
.n{text-align:end;white-space:nowrap}
.list{display:grid;gap:.5rem;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem 1.25rem}
summary{cursor:pointer;padding:.6rem 0;margin-top:.5rem}
summary h3{display:inline;font-size:1.1rem}
.cards{display:grid;gap:.6rem}
article{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:.9rem 1.1rem;display:grid;gap:.6rem 1.5rem}
article:target,.needs>li:target{outline:3px solid var(--chart)}
.state{color:var(--tone,var(--quiet));font-weight:600;font-size:.9rem}
article dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:.5rem 1rem;font-variant-numeric:tabular-nums;align-content:start}
article dd{font-size:.9375rem;line-height:1.35}
dd small{display:block}time{white-space:nowrap}
.charts{display:grid;grid-template-columns:1fr 1fr;gap:.6rem 1.1rem}.charts p{grid-column:1/-1}
figcaption b{font-weight:400;color:var(--ink)}
svg{display:block;width:100%;height:auto;fill:var(--chart);border-bottom:1px solid var(--line)}
path.good,path.caution,path.bad{fill:var(--tone)}
footer{padding-top:2rem;padding-bottom:3rem;font-size:.875rem}
footer p+p{margin-top:.4rem}
@media (min-width:44rem){.charts{grid-template-columns:repeat(4,1fr)}}
@media (min-width:70rem){article{grid-template-columns:minmax(0,12rem) minmax(0,29rem) minmax(0,1fr)}article dl{grid-template-columns:minmax(0,1.35fr) minmax(0,1.25fr) minmax(0,1.2fr) minmax(0,.8fr)}}
@media (max-width:30rem){.work{display:none}tbody th{min-width:6.5rem}main,header,footer{padding-left:.9rem;padding-right:.9rem}.verdict{grid-template-columns:1fr;row-gap:.7rem}.verdict p{grid-column:1}th,td{padding:.45rem .5rem}}
@media print{:root{--ground:#fff;--card:#fff;--ink:#000;--quiet:#444;--line:#bbb;--chart:#777;--good:#1d5a3c;--caution:#6b4500;--bad:#8d1f17;--goodly:#fff;--cautiously:#fff;--badly:#fff}body{font-size:10pt}.mark,path{print-color-adjust:exact}article,.needs>li,.list,tr{break-inside:avoid}h2,h3,summary{break-after:avoid}nav,.skip{display:none}details::details-content{content-visibility:visible;display:block}}
`;
