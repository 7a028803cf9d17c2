# many-uploads by s5cmd, in Go. Usage: upload_s5cmd.sh --count N [--size BYTES]
set -eu
count=$2 size=${4:-16384}
export AWS_ACCESS_KEY_ID=lab AWS_SECRET_ACCESS_KEY=lab-secret AWS_REGION=us-east-1
yes 'a line of a file that goes to S3' | head -c "$size" > file.txt
for number in $(seq "$count"); do
    echo "cp file.txt s3://your-bucket-name/uploaded_file$number.txt"
done | s5cmd --endpoint-url "$LAB_S3" run
