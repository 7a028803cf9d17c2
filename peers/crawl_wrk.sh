# crawl's pages asked for by wrk, one thread, which reads and drops them: the limit. Usage: as crawl's benchmark.
# wrk runs for a time, not for a number of pages: this ends it after the last.
set -eu
cat > stop.lua <<LUA
local left = $2
function response()
    left = left - 1
    if left == 0 then os.exit() end
end
LUA
exec wrk --threads 1 --connections "$4" --duration 60 --script stop.lua "$LAB_SITE/1?$6"
