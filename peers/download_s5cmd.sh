# many-downloads by s5cmd, in Go. Usage: download_s5cmd.sh --count N [--size BYTES]
set -eu
count=$2 size=${4:-16384}
export AWS_ACCESS_KEY_ID=lab AWS_SECRET_ACCESS_KEY=lab-secret AWS_REGION=us-east-1
for number in $(seq "$count"); do
    echo "cp s3://your-bucket-name/made/$size/file$number.txt downloaded_file$number.txt"
done | s5cmd --endpoint-url "$LAB_S3" run
